import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { EmulatorProcess } from './emulator-process.js';

/** How a program of this folder is started. */
export interface Invocation {
  readonly root: string;
  readonly terraform: string;
  readonly args: readonly string[];
}

export interface Room {
  readonly scratch: string;
  readonly emulator: EmulatorProcess;
}

/** A folder and an emulator for the time of a benchmark; neither is left behind, also after Ctrl-C. */
export async function inRoom<Result>(root: string, work: (room: Room) => Promise<Result>): Promise<Result> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'lightsail-access-key-bench-')));
  const emulator = await EmulatorProcess.start(root);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void emulator.stop();
      rmSync(scratch, { recursive: true, force: true });
      process.exit(1);
    });
  }
  try {
    return await work({ scratch, emulator });
  } finally {
    await emulator.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

export async function save(path: string, json: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await format(json, { parser: 'json', printWidth: 110 }));
}
