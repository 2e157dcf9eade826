import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from 'node:crypto';

/** What an age header says, read by the specification alone (https://c2sp.org/age) and not by any library. */
export interface Stanza {
  readonly args: readonly string[];
  readonly body: Buffer;
}

export interface Opened {
  readonly text: string;
  readonly stanzas: readonly Stanza[];
}

/** Opens an armored age file with the raw bytes of an X25519 identity; throws where anything is not as it should be. */
export function open(armored: string, identity: Buffer): Opened {
  const lines = armored.trimEnd().split('\n');
  if (lines.shift() !== '-----BEGIN AGE ENCRYPTED FILE-----') throw new Error('No armor.');
  if (lines.pop() !== '-----END AGE ENCRYPTED FILE-----') throw new Error('No end of the armor.');
  if (lines.slice(0, -1).some((line) => line.length !== 64)) throw new Error('Not wrapped at 64 columns.');
  const file = Buffer.from(lines.join(''), 'base64');
  const mark = file.indexOf('\n--- ') + 1;
  const end = file.indexOf('\n', mark);
  const header = file.subarray(0, mark + 3);
  const mac = file.subarray(mark + 4, end).toString();
  const stanzas = stanzasOf(header.toString('latin1'));
  const fileKey = stanzas.map((stanza) => unwrap(stanza, identity)).find((key) => key !== null);
  if (!fileKey) throw new Error('Not for this identity.');
  const macKey = derive(fileKey, Buffer.alloc(0), 'header');
  const expected = createHmac('sha256', macKey).update(header).digest('base64').replace(/=+$/, '');
  if (mac !== expected) throw new Error('The header was changed.');
  const payload = file.subarray(end + 1);
  const key = derive(fileKey, payload.subarray(0, 16), 'payload');
  const lastChunk = Buffer.from([...Array<number>(11).fill(0), 1]);
  return { text: decrypt(key, lastChunk, payload.subarray(16)).toString(), stanzas };
}

function stanzasOf(header: string): Stanza[] {
  const [, ...parts] = header.replace(/---$/, '').split(/^-> /m);
  return parts.map((part) => {
    const [args = '', ...body] = part.split('\n');
    return { args: args.split(' '), body: Buffer.from(body.join(''), 'base64') };
  });
}

/** The file key in a stanza, or null when the stanza is of another type or for somebody else. */
export function unwrap({ args, body }: Stanza, identity: Buffer): Buffer | null {
  const [type, share = ''] = args;
  if (type !== 'X25519') return null;
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), identity]),
    format: 'der',
    type: 'pkcs8',
  });
  const ephemeral = Buffer.from(share, 'base64');
  const recipient = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const publicKey = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), ephemeral]),
    format: 'der',
    type: 'spki',
  });
  const secret = diffieHellman({ privateKey, publicKey });
  const key = derive(secret, Buffer.concat([ephemeral, recipient]), 'age-encryption.org/v1/X25519');
  try {
    return decrypt(key, Buffer.alloc(12), body);
  } catch {
    return null;
  }
}

function derive(key: Buffer, salt: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, 32));
}

function decrypt(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}
