/**
 * The ID of the key whose pair is sealed, as a stanza of the age header. age's tools ignore stanzas that they do
 * not know (https://c2sp.org/age#recipient-stanza), and the header's MAC covers it, so the ID cannot part from the
 * pair; anybody can read it, and it is no secret.
 */
export const KEY_LABEL = 'npm.invalid/cdktf/lightsail/access-key-id';

const ARMOR =
  /^\s*-----BEGIN AGE ENCRYPTED FILE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END AGE ENCRYPTED FILE-----\s*$/;

/** The ID of the key whose pair an armored age file holds; null for every other text. */
export function sealedKeyId(text: string): string | null {
  const body = ARMOR.exec(text)?.[1];
  if (body === undefined) return null;
  const lines = Buffer.from(body, 'base64').toString('latin1').split('\n');
  const header = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('--- ')),
  );
  const stanza = header.find((line) => line.startsWith(`-> ${KEY_LABEL} `));
  return stanza?.split(' ')[2] ?? null;
}
