const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_DIGITS = 6;

/**
 * The number of bytes that a Bech32 text carries under its prefix (BIP 173); null when the checksum is wrong or it
 * is no such text. Lowercase only, as age's tools write recipients.
 */
export function bech32Bytes(prefix: string, text: string): number | null {
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
