/** A recipient of tests and the identity that opens what is sealed for it: of age's own library. */
export { IDENTITY, RECIPIENT } from '../../unit/destinations/age/vectors.js';

/** As the age program does it. */
export async function decryptWith(identity: string, armored: string): Promise<string> {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(armor.decode(armored), 'text');
}
