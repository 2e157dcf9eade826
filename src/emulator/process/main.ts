// The program of startEmulator(): an emulator that lives as long as the process which has started it, at most.
import { Emulator } from '../emulator.js';
import type { Start, Started } from './start-emulator.js';

// Ctrl-C reaches the whole group, and Terraform, which then ends in order, still needs the emulator.
process.on('SIGINT', () => undefined);
// Also when the parent was killed: the system closes its end of the channel.
process.on('disconnect', () => process.exit(0));
process.once('message', ({ start }: Start) => {
  Emulator.start(start).then(
    ({ url, region, env }) => {
      answer({ url, region, env });
    },
    (error: unknown) => {
      answer({ failure: error instanceof Error ? error.message : String(error) });
    },
  );
});

function answer(started: Started): void {
  process.send?.(started);
}
