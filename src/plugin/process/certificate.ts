import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import * as der from './der.js';

export interface ServerCertificate {
  readonly certificate: Buffer;
  readonly privateKey: string;
}

const HOUR = 3_600_000;
/** A provider lives for minutes; a long-running apply for hours. */
const LIFETIME = 30 * 24 * HOUR;

const ECDSA_WITH_SHA256 = der.sequence(der.objectIdentifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = der.objectIdentifier(0x55, 0x04, 0x03);
const SUBJECT_ALTERNATIVE_NAME = der.objectIdentifier(0x55, 0x1d, 0x11);
const KEY_USAGE = der.objectIdentifier(0x55, 0x1d, 0x0f);
const DNS_NAME = 2;
/** The name that Terraform expects of every plugin. */
const NAME = 'localhost';

/** Makes the certificate of this one process. Terraform learns it from the first line on standard output. */
export function makeCertificate(now = new Date()): ServerCertificate {
  // P-256 takes a millisecond, RSA takes hundreds.
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const name = der.sequence(der.set(der.sequence(COMMON_NAME, der.utf8String(NAME))));
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    serialNumber(),
    ECDSA_WITH_SHA256,
    name,
    // An hour back, for clocks that are set while Terraform runs.
    der.sequence(der.time(new Date(now.getTime() - HOUR)), der.time(new Date(now.getTime() + LIFETIME))),
    name,
    publicKey,
    der.explicit(3, der.sequence(alternativeName(), digitalSignature())),
  );
  const signature = sign('sha256', body, privateKey);
  return { certificate: der.sequence(body, ECDSA_WITH_SHA256, der.bitString(signature)), privateKey };
}

/** Positive, and without a leading zero that DER forbids. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return der.integer(bytes);
}

function alternativeName(): Buffer {
  return der.sequence(
    SUBJECT_ALTERNATIVE_NAME,
    der.octetString(der.sequence(der.implicit(DNS_NAME, Buffer.from(NAME)))),
  );
}

/** The first of the nine usage bits: all that an ECDSA key does in TLS. */
function digitalSignature(): Buffer {
  return der.sequence(KEY_USAGE, der.boolean(true), der.octetString(der.bitString(Buffer.from([0x80]), 7)));
}
