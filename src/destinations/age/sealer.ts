import { DestinationError } from '../../lifecycle/destination.js';
import { KEY_LABEL } from './key-label.js';
import { invalidRecipient } from './recipient.js';

/** Makes a text readable for some people only; whoever seals cannot open it again. */
export interface Sealer {
  /** Who can open it. */
  readonly readers: string;
  /** The sealed text, which names the key openly. */
  seal(plaintext: string, accessKeyId: string): Promise<string>;
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
        'age_recipients is empty, so nobody could open the secret.',
        'Give at least one recipient, or leave age_recipients out.',
      );
    }
  }
}
