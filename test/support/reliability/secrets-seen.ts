import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { formsOf } from '../secret-forms.js';

/** The secrets of all keys that a bucket has had from now on, however short they lived. */
export function secretsOf(emulator: Emulator, bucket: string) {
  const seen = new Map<string, EmulatorKey>();
  const note = () => {
    for (const key of emulator.keys(bucket)) seen.set(key.accessKeyId, key);
  };
  note();
  const stop = emulator.onCall((moment, call) => {
    if (moment === 'effect-done' && call.bucket === bucket) note();
  });
  return {
    stop,
    /** The IDs of those whose secret stands in a text, in whatever form. */
    printedIn: (texts: readonly string[]): string[] =>
      [...seen.values()]
        .filter(({ secretAccessKey }) =>
          formsOf(secretAccessKey).some((form) => texts.some((text) => text.includes(form))),
        )
        .map(({ accessKeyId }) => accessKeyId),
  };
}
