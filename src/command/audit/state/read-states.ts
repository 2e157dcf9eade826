import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ManagedState } from './managed-keys.js';
import { managedKeys } from './managed-keys.js';
import { isRecord, type JsonRecord, NoState, stateResources, text } from './terraform-json.js';

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

/** A state file, or what `terraform show -json` has written. */
async function readStateFile(path: string): Promise<ManagedState> {
  return managedState(path, await readText(path));
}

/** What `terraform show -json` writes into a pipe. */
async function readStateFrom(input: NodeJS.ReadableStream): Promise<ManagedState> {
  return managedState('standard input', (await buffer(input)).toString('utf8'));
}

function managedState(state: string, content: string): ManagedState {
  try {
    return { state, keys: managedKeys(stateResources(parseJson(state, content)), state), note: null };
  } catch (error) {
    throw error instanceof NoState ? unreadable(state, error.message) : error;
  }
}

const MANIFEST = 'manifest.json';

/**
 * The states of all stacks of a CDKTF output folder. The folder itself holds none: a stack with a local backend,
 * which is CDKTF's default, keeps it as `terraform.STACK.tfstate` beside the folder.
 */
async function readCdktfFolder(folder: string): Promise<readonly ManagedState[]> {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) {
    throw unreadable(
      folder,
      `it is a folder without ${MANIFEST}: give a state file, or the output folder of cdktf synth`,
    );
  }
  const manifest = parseJson(path, await readText(path));
  const stacks = isRecord(manifest) && isRecord(manifest.stacks) ? Object.entries(manifest.stacks) : [];
  const states = await Promise.all(
    stacks.map(([name, stack]) => readStack(folder, name, isRecord(stack) ? stack : {})),
  );
  if (states.every(({ note }) => note !== null)) {
    throw unreadable(folder, 'none of its stacks has a state file here, so it cannot tell what is managed');
  }
  return states;
}

async function readStack(folder: string, name: string, stack: JsonRecord): Promise<ManagedState> {
  const workingFolder = resolve(folder, text(stack.workingDirectory) ?? join('stacks', name));
  const path = resolve(folder, text(stack.synthesizedStackPath) ?? join(workingFolder, 'cdk.tf.json'));
  const declared = localState(path, parseJson(path, await readText(path)), workingFolder);
  // The path in the stack is the one on the machine that synthesized it.
  const candidates = [
    resolve(workingFolder, declared),
    resolve(dirname(resolve(folder)), basename(declared)),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return readStateFile(found);
  const note = `Stack ${name} has no state at ${candidates[0] ?? ''}, so it is taken for one that was never deployed.`;
  return { state: path, keys: [], note };
}

/** Where the stack's Terraform keeps its state, relative to the working folder. */
function localState(path: string, synthesized: unknown, workingFolder: string): string {
  const terraform = isRecord(synthesized) && isRecord(synthesized.terraform) ? synthesized.terraform : {};
  const backend = isRecord(terraform.backend) ? terraform.backend : {};
  const [remote] = [...Object.keys(backend), ...Object.keys(terraform)].filter(
    (name) => name === 'cloud' || (name in backend && name !== 'local'),
  );
  if (remote !== undefined) {
    throw unreadable(
      path,
      `the stack keeps its state in the backend "${remote}", not here. Give what this prints instead of the folder: terraform -chdir=${workingFolder} show -json`,
    );
  }
  const local = isRecord(backend.local) ? text(backend.local.path) : null;
  return local ?? 'terraform.tfstate';
}

/** The text of a file that may hold secrets. */
async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

/** Node's own message would quote the text. */
function parseJson(state: string, content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw unreadable(state, content.trim() === '' ? 'it is empty' : 'it is not JSON');
  }
}

function unreadable(state: string, reason: string): Error {
  return new Error(
    `Cannot read state ${state}: ${reason}. The audit stopped, because its keys would be reported as unmanaged.`,
  );
}
