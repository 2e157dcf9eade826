import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from 'cdktf-lightsail-access-key/emulator';
import { Commands } from './commands.js';
import { Demo } from './demo.js';
import { isolate } from './isolation.js';
import { Narrator } from './narrator.js';

/** Answers the exit status: 0 when everything was as the demo says. */
export async function main({ root, terraform }: { root: string; terraform: string }): Promise<number> {
  const started = Date.now();
  isolate(process.env);
  const narrator = new Narrator();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'lightsail-access-key-demo-')));
  const emulator = await Emulator.start();
  const commands = new Commands(narrator, emulator.env);
  // The command that is running stops, the demo with it, and the folder goes as it does at the end.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      commands.stop();
    });
  try {
    await new Demo({ narrator, commands, emulator, terraform, root, folder }).run();
    narrator.end(
      `All ${narrator.steps} steps were as expected (${Math.round((Date.now() - started) / 1000)} s).`,
    );
    return 0;
  } catch (error) {
    narrator.fail(error);
    return 1;
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
