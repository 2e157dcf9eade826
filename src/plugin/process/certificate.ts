import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface ServerCertificate {
  readonly certificate: Buffer;
  readonly privateKey: string;
}

const HOUR = 3_600_000;
/** A provider lives for minutes; a long-running apply for hours. */
const LIFETIME = 30 * 24 * HOUR;

const ECDSA_WITH_SHA256 = sequence(objectIdentifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = objectIdentifier(0x55, 0x04, 0x03);
const SUBJECT_ALTERNATIVE_NAME = objectIdentifier(0x55, 0x1d, 0x11);
const KEY_USAGE = objectIdentifier(0x55, 0x1d, 0x0f);
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
  const name = sequence(set(sequence(COMMON_NAME, utf8String(NAME))));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    serialNumber(),
    ECDSA_WITH_SHA256,
    name,
    // An hour back, for clocks that are set while Terraform runs.
    sequence(time(new Date(now.getTime() - HOUR)), time(new Date(now.getTime() + LIFETIME))),
    name,
    publicKey,
    explicit(3, sequence(alternativeName(), digitalSignature())),
  );
  const signature = sign('sha256', body, privateKey);
  return { certificate: sequence(body, ECDSA_WITH_SHA256, bitString(signature)), privateKey };
}

/** Positive, and without a leading zero that DER forbids. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return integer(bytes);
}

function alternativeName(): Buffer {
  return sequence(SUBJECT_ALTERNATIVE_NAME, octetString(sequence(implicit(DNS_NAME, Buffer.from(NAME)))));
}

/** The first of the nine usage bits: all that an ECDSA key does in TLS. */
function digitalSignature(): Buffer {
  return sequence(KEY_USAGE, boolean(true), octetString(bitString(Buffer.from([0x80]), 7)));
}

// The few forms of DER that a certificate is made of: a library for certificates would cost several times the whole
// start of the provider.

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

/** Lengths below 128 take one byte; longer ones are preceded by how many bytes they take. */
function length(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  if (bytes < 0x100) return [0x81, bytes];
  return [0x82, bytes >> 8, bytes & 0xff];
}

function sequence(...members: readonly Uint8Array[]): Buffer {
  return element(0x30, Buffer.concat(members));
}

function set(member: Uint8Array): Buffer {
  return element(0x31, member);
}

/** A whole number of any size, big-endian; a leading zero keeps it from being read as negative. */
function integer(bytes: Uint8Array): Buffer {
  const first = bytes[0] ?? 0;
  return element(0x02, first >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** An object identifier, its arcs already packed into bytes. */
function objectIdentifier(...packed: readonly number[]): Buffer {
  return element(0x06, Buffer.from(packed));
}

function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

function octetString(content: Uint8Array): Buffer {
  return element(0x04, content);
}

function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([unusedBits]), content]));
}

/** X.509 wants two digits of the year up to 2049 and four from then on. */
function time(moment: Date): Buffer {
  const digits = `${moment.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return moment.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

/** A context-specific tag around a whole element. */
function explicit(tag: number, member: Uint8Array): Buffer {
  return element(0xa0 | tag, member);
}

/** A context-specific tag in place of the element's own. */
function implicit(tag: number, content: Uint8Array): Buffer {
  return element(0x80 | tag, content);
}
