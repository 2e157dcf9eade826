const X25519_BYTES = 32;

/**
 * What is wrong with a recipient, or null. It is asked at validate time, before any key is made, and needs no
 * cryptography: a typing error is caught by the checksum.
 *
 * @see https://c2sp.org/age#the-x25519-recipient-type
 */
export function invalidRecipient(value: string): string | null {
  // Anywhere: the file of an identity begins with comments.
  if (/AGE-SECRET-KEY-/i.test(value)) {
    // Not even its beginning is printed.
    return `An age identity, the secret half of a key pair, stands where its recipient belongs: give the line that begins with "age1", as age-keygen -y prints it, and treat the identity as seen.`;
  }
  if (value.startsWith('ssh-')) {
    return `"${shortened(value)}" is an SSH key: give a recipient of age itself, which age-keygen makes and which begins with "age1".`;
  }
  if (value.startsWith('age1pq1')) {
    return `"${shortened(value)}" is a post-quantum recipient: give an X25519 recipient, as age-keygen makes it without -pq.`;
  }
  const plugin = /^age1([a-z0-9]+)1/.exec(value)?.[1];
  if (plugin !== undefined) {
    return `"${shortened(value)}" is a recipient of the age plugin "${plugin}", which would have to run here: give an X25519 recipient, as age-keygen makes it.`;
  }
  if (bech32Bytes('age', value) !== X25519_BYTES) {
    return `"${shortened(value)}" is no age recipient: it has to be "age1" and 58 lowercase letters and digits, the last six of which are a checksum that does not hold here.`;
  }
  return null;
}

function shortened(value: string): string {
  return value.length > 80 ? `${value.slice(0, 77)}…` : value;
}

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_DIGITS = 6;

/**
 * The number of bytes that a Bech32 text carries under its prefix (BIP 173); null when the checksum is wrong or it
 * is no such text. Lowercase only, as age's tools write recipients.
 */
function bech32Bytes(prefix: string, text: string): number | null {
  if (!text.startsWith(`${prefix}1`)) return null;
  const digits = Array.from(text.slice(prefix.length + 1), (character) => ALPHABET.indexOf(character));
  if (digits.length < CHECKSUM_DIGITS || digits.includes(-1)) return null;
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  if (checksum([...expanded, ...digits]) !== 1) return null;
  return Math.floor(((digits.length - CHECKSUM_DIGITS) * 5) / 8);
}

function checksum(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((term, bit) => {
      if ((top >> bit) & 1) sum ^= term;
    });
  }
  return sum;
}
