import { invalidRecipient } from '../../../src/contract/age-recipient.js';
import { IDENTITY, RECIPIENT } from '../destinations/age/vectors.js';

test("the specification's recipient is accepted", () => {
  expect(invalidRecipient(RECIPIENT)).toBeNull();
});

test('a wrong letter anywhere is found', () => {
  for (let index = 4; index < RECIPIENT.length; index++) {
    const other = RECIPIENT[index] === 'q' ? 'p' : 'q';
    const wrong = RECIPIENT.slice(0, index) + other + RECIPIENT.slice(index + 1);
    expect(invalidRecipient(wrong)).toMatch(/no age recipient.*checksum/);
  }
});

test.each([
  ['nothing', ''],
  ['a part of one', RECIPIENT.slice(0, -1)],
  ['one and more', `${RECIPIENT}q`],
  ['capitals', RECIPIENT.toUpperCase()],
  ['a letter that Bech32 has not', RECIPIENT.replace('zvky', 'bvky')],
  ['spaces around', ` ${RECIPIENT}`],
  ['a Bech32 text of no bytes', 'age19l388n'],
  ['one of 31 bytes', 'age1qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qunndjpz'],
])('%s is no recipient', (_, value) => {
  expect(invalidRecipient(value)).toMatch(/is no age recipient/);
});

test.each([
  ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 me@host', /is an SSH key.*begins with "age1"/],
  [
    'age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t',
    /the age plugin "yubikey".*X25519/,
  ],
  ['age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rd', /post-quantum.*X25519/],
])('%s is refused in words of its own', (value, words) => {
  expect(invalidRecipient(value)).toMatch(words);
});

test('an identity is refused without being repeated', () => {
  const problem = invalidRecipient(IDENTITY);
  expect(problem).toMatch(/identity, the secret half/);
  expect(problem).not.toContain(IDENTITY.slice(-10));
  expect(invalidRecipient(`${IDENTITY.toLowerCase()}\n`)).toMatch(/identity, the secret half/);
});

test('nor is the file of an identity, which begins with comments', () => {
  const file = `# created: 2026-01-02T03:04:05Z\n# public key: ${RECIPIENT}\n${IDENTITY}\n`;
  for (const value of [file, `ssh-${file}`, `age1pq1 ${file}`]) {
    expect(invalidRecipient(value)).toMatch(/identity, the secret half/);
    expect(invalidRecipient(value)).not.toContain(IDENTITY.slice(0, 20));
  }
});
