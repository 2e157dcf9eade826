import { invalidRecipient } from '../../contract/age-recipient.js';
import { DestinationError } from '../../lifecycle/destination.js';

/** Makes a text readable for some people only; whoever seals cannot open it again. */
export interface Sealer {
  /** Who can open it. */
  readonly readers: string;
  /** The sealed text, which names the key openly. */
  seal(plaintext: string, accessKeyId: string): Promise<string>;
}

/** Null where the pair is not sealed. */
export function sealerFor(recipients: readonly string[] | undefined): Sealer | null {
  return recipients ? new AgeSealer(recipients) : null;
}

/** age to X25519 recipients, in ASCII armor: `age -d -i identity.txt` opens it. */
export class AgeSealer implements Sealer {
  readonly readers: string;

  constructor(private readonly recipients: readonly string[]) {
    this.readers = [...recipients].sort().join(', ');
  }

  async seal(plaintext: string, accessKeyId: string): Promise<string> {
    this.#checkRecipients();
    const { loadAge } = await import('./sdk.js');
    const { Encrypter, Stanza, armor } = await loadAge();
    const encrypter = new Encrypter();
    for (const recipient of this.recipients) encrypter.addRecipient(recipient);
    encrypter.addRecipient({
      wrapFileKey: () => [new Stanza([KEY_LABEL, accessKeyId], new Uint8Array())],
    });
    try {
      return armor.encode(await encrypter.encrypt(plaintext));
    } catch {
      // What a library says of its input is not printed.
      throw new DestinationError(
        'The secret could not be sealed for the age recipients.',
        'See that each of them came from age-keygen.',
      );
    }
  }

  #checkRecipients(): void {
    const problem = this.recipients.map(invalidRecipient).find((found) => found !== null);
    if (problem) throw new DestinationError(problem, 'Correct age_recipients.');
    // Sealed for nobody, the secret would be lost.
    if (this.recipients.length === 0) {
      throw new DestinationError(
        'age_recipients is empty, so no identity could open the secret.',
        'Give at least one recipient, or leave age_recipients out.',
      );
    }
  }
}

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
