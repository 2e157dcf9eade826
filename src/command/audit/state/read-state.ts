import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { ManagedState } from '../managed-key.js';
import { managedKeys } from './managed-keys.js';
import { NoState, stateResources } from './terraform-json.js';

/** A state file, or what `terraform show -json` has written. */
export async function readStateFile(path: string): Promise<ManagedState> {
  return managedState(path, await readText(path));
}

/** What `terraform show -json` writes into a pipe. */
export async function readStateFrom(input: NodeJS.ReadableStream): Promise<ManagedState> {
  return managedState('standard input', (await buffer(input)).toString('utf8'));
}

/** The text of a file that may hold secrets. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

export function unreadable(state: string, reason: string): Error {
  return new Error(
    `The state ${state} says nothing: ${reason}. No bucket was looked at, since without it keys would be called unmanaged that are not.`,
  );
}

/** Node's own message would quote the text. */
export function parseJson(state: string, content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw unreadable(state, content.trim() === '' ? 'it is empty' : 'it is not JSON');
  }
}

function managedState(state: string, content: string): ManagedState {
  try {
    return { state, keys: managedKeys(stateResources(parseJson(state, content)), state), note: null };
  } catch (error) {
    throw error instanceof NoState ? unreadable(state, error.message) : error;
  }
}
