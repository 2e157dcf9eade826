import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';
import { DestinationError } from '../lifecycle/destination.js';
import { sealedKeyId } from './age/key-label.js';
import { readRegularFile } from './durable-file.js';
import { foreign, pairIn } from './pair-reader.js';
import type { DeliveredPair, PairReader } from './pair-reader.js';
import { isCode } from './refused.js';

/** Anything larger is no pair, and is not read into memory. */
const LARGEST_PAIR = 64 * 1024;

/** A file, as the program that uses the pair opens it. */
export class FileReader implements PairReader {
  readonly title: string;
  readonly waiting = 'path = lightsail_bucket_access_key.NAME.secret_reference';
  readonly #path: string;

  constructor(path: string) {
    this.title = `file ${path}`;
    this.#path = resolve(path);
  }

  async read(): Promise<DeliveredPair | null> {
    const text = await this.#text();
    if (text === null) return null;
    const pair = pairIn(text);
    if (pair) return pair;
    throw sealedKeyId(text) === null ? foreign(this.title) : sealed(this.title);
  }

  /** Null when there is no file in a folder that is there. */
  async #text(): Promise<string | null> {
    try {
      return (await readRegularFile(this.#path, LARGEST_PAIR)) ?? '';
    } catch (error) {
      if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw unreadable(this.#path, error);
    }
    const folder = dirname(this.#path);
    const there = await stat(folder).catch(() => null);
    if (there?.isDirectory()) return null;
    throw new DestinationError(
      `There is no folder ${folder}.`,
      'Give the path that the key has; a relative one begins where Terraform runs.',
    );
  }
}

function unreadable(path: string, error: unknown): DestinationError {
  const code = isNativeError(error) ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
  return new DestinationError(
    `${path} cannot be read by this user (${code}).`,
    'It has mode 0600: run Terraform as the user who owns it, or as one who may read it.',
  );
}

function sealed(title: string): DestinationError {
  return new DestinationError(
    `${title} holds age ciphertext, which nobody but its recipients can open.`,
    'Decrypt it where their identity is (age --decrypt), or leave age_recipients out of the key.',
  );
}
