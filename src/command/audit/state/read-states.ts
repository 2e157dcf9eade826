import { stat } from 'node:fs/promises';
import type { ManagedState } from '../managed-key.js';
import { readCdktfFolder } from './cdktf-folder.js';
import { readStateFile, readStateFrom } from './read-state.js';

/** What every `--state` says: a file, `-` for standard input, or a CDKTF output folder. */
export async function readStates(
  names: readonly string[],
  input: NodeJS.ReadableStream,
): Promise<readonly ManagedState[]> {
  const states = await Promise.all(
    [...new Set(names)].map(async (name) => {
      if (name === '-') return [await readStateFrom(input)];
      return (await isFolder(name)) ? readCdktfFolder(name) : [await readStateFile(name)];
    }),
  );
  return states.flat();
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
