import { AgeSealer, KEY_LABEL, sealedKeyId } from '../../../../src/destinations/age/sealer.js';
import { open, unwrap } from './open.js';
import { IDENTITY, IDENTITY_BYTES, RECIPIENT, STANZA } from './vectors.js';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

function seal(plaintext = SECRET): Promise<string> {
  return new AgeSealer([RECIPIENT]).seal(plaintext, KEY_ID);
}

test("the tests' own reading of the specification opens the specification's stanza", () => {
  expect(unwrap(STANZA, IDENTITY_BYTES)).toHaveLength(16);
  expect(unwrap(STANZA, Buffer.alloc(32, 0x43))).toBeNull();
});

test('what is sealed opens by the specification', async () => {
  expect(open(await seal(), IDENTITY_BYTES).text).toBe(SECRET);
});

test("what is sealed opens with age's own library and the identity of a recipient", async () => {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(IDENTITY);
  expect(await decrypter.decrypt(armor.decode(await seal()), 'text')).toBe(SECRET);
});

test('nobody else can open it', async () => {
  const sealed = await seal();
  expect(() => open(sealed, Buffer.alloc(32, 0x43))).toThrow('Not for this identity.');
  expect(Buffer.from(sealed).includes(SECRET)).toBe(false);
});

test('each of several recipients can open it', async () => {
  const other = 'age1cy0su9fwf3gf9mw868g5yut09p6nytfmmnktexz2ya5uqg9vl9sss4euqm';
  const sealed = await new AgeSealer([other, RECIPIENT]).seal(SECRET, KEY_ID);
  const { text, stanzas } = open(sealed, IDENTITY_BYTES);
  expect(text).toBe(SECRET);
  expect(stanzas.map(({ args }) => args[0])).toEqual(['X25519', 'X25519', KEY_LABEL]);
});

test('the same text sealed twice looks different', async () => {
  expect(await seal()).not.toBe(await seal());
});

test('the ID of the key can be read without opening', async () => {
  expect(sealedKeyId(await seal())).toBe(KEY_ID);
});

test('the ID of the key cannot be exchanged', async () => {
  const sealed = await seal();
  const body = Buffer.from(sealed.replace(/-----.*-----/g, ''), 'base64').toString('latin1');
  const forged = Buffer.from(body.replace(KEY_ID, 'AKIAIOSFODNN7OTHERS1'), 'latin1').toString('base64');
  const lines = forged.match(/.{1,64}/g)?.join('\n') ?? '';
  const file = `-----BEGIN AGE ENCRYPTED FILE-----\n${lines}\n-----END AGE ENCRYPTED FILE-----\n`;
  expect(sealedKeyId(file)).toBe('AKIAIOSFODNN7OTHERS1');
  expect(() => open(file, IDENTITY_BYTES)).toThrow('The header was changed.');
});

test.each([
  ['an empty text', ''],
  ['a pair in clear', JSON.stringify({ accessKeyId: KEY_ID })],
  ['armor of something else', '-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n'],
])('%s names no sealed key', (_, text) => {
  expect(sealedKeyId(text)).toBeNull();
});

test("somebody else's age file names no key, not even where its payload says so", () => {
  const file = `age-encryption.org/v1\n-> X25519 a\nb\n--- mac\n-> ${KEY_LABEL} ${KEY_ID}\n\n`;
  const body = Buffer.from(file).toString('base64');
  expect(
    sealedKeyId(`-----BEGIN AGE ENCRYPTED FILE-----\n${body}\n-----END AGE ENCRYPTED FILE-----\n`),
  ).toBeNull();
});

test('sealing for nobody, or for no recipient, is refused before anything is lost', async () => {
  await expect(new AgeSealer([]).seal(SECRET, KEY_ID)).rejects.toThrow(/no identity could open/);
  await expect(new AgeSealer([RECIPIENT, 'age1oops']).seal(SECRET, KEY_ID)).rejects.toThrow(/"age1oops"/);
});
