import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  unlinkSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readRegularSync } from '../files/regular-file.js';
import type { Holder } from '../lifecycle/journal/entry.js';
import type { Runs } from '../lifecycle/ports.js';

/** Where the process finds out about itself. */
interface Surroundings {
  readonly proc: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Terraform's working folder is its provider's, too. */
  readonly folder: string;
}

/** Tells this process from others, and a dead one from one that may still run. */
export class ProcessRuns implements Runs {
  readonly self: Holder;
  readonly #proc: string;
  readonly #notes: string;

  constructor({ proc = '/proc', env = process.env, folder = '.' }: Partial<Surroundings> = {}) {
    this.#proc = proc;
    this.#notes = resolve(folder, dataOf(env), NOTES);
    this.self = {
      machine: machineIn(proc),
      pid: process.pid,
      started: startOf(process.pid, proc) ?? '',
      host: hostname(),
      folder: realPathOf(folder),
      workspace: short(workspaceOf(folder, env)),
    };
  }

  /** Only for a process of this very machine: of others that is unknown, and their intents end by time alone. */
  isDead(holder: Holder): boolean {
    if (holder.machine === null || holder.machine !== this.self.machine) return false;
    try {
      process.kill(holder.pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
    const started = startOf(holder.pid, this.#proc);
    return started !== null && holder.started !== '' && started !== holder.started;
  }

  wasLeft(accessKeyId: string): boolean {
    return this.#has(accessKeyId, MADE);
  }

  noteMade(accessKeyId: string): void {
    this.#note(accessKeyId, MADE);
  }

  wasTaken(accessKeyId: string): boolean {
    return this.#has(accessKeyId, TAKEN);
  }

  noteTaken(accessKeyId: string): void {
    this.#forget(accessKeyId, MADE);
    this.#note(accessKeyId, TAKEN);
  }

  forget(accessKeyId: string): void {
    this.#forget(accessKeyId, MADE);
    this.#forget(accessKeyId, TAKEN);
  }

  #has(accessKeyId: string, note: Note): boolean {
    return KEY_ID.test(accessKeyId) && existsSync(this.#fileOf(accessKeyId, note));
  }

  #note(accessKeyId: string, note: Note): void {
    // Without Terraform's own folder there is no place that a later run would look at.
    if (!KEY_ID.test(accessKeyId) || !existsSync(dirname(this.#notes))) return;
    try {
      mkdirSync(this.#notes, { recursive: true });
      // Follows no link, and changes nothing that is there.
      if (this.#isFolder) closeSync(openSync(this.#fileOf(accessKeyId, note), 'wx'));
    } catch {
      // It is there, or the store alone can say so.
    }
  }

  #forget(accessKeyId: string, note: Note): void {
    if (!this.#has(accessKeyId, note) || !this.#isFolder) return;
    try {
      unlinkSync(this.#fileOf(accessKeyId, note));
    } catch {
      // It stays, and says what has been so.
    }
  }

  #fileOf(accessKeyId: string, note: Note): string {
    return join(this.#notes, accessKeyId + note);
  }

  get #isFolder(): boolean {
    return lstatSync(this.#notes, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }
}

/** In Terraform's data folder: empty files, named by the IDs of keys of which no store is known to know all. */
const NOTES = 'lightsail-access-key';
/** A run of this folder has made the key, and has not ended in order. */
const MADE = '.made';
/** A run of this folder has ended in order, so Terraform has taken its answer. */
const TAKEN = '';
type Note = typeof MADE | typeof TAKEN;
const KEY_ID = /^[A-Z0-9]+$/;

/** As Linux makes it at each boot; where /proc is masked, all machines show the same. */
const BOOT_ID = /^(?![0-]+$)[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * This boot, and the namespaces in which a process ID, its start and a path mean the same. Null where there is no such
 * thing, as on macOS and Windows, and where /proc is masked or shows the processes of another namespace.
 */
function machineIn(proc: string): string | null {
  const boot = textOf(join(proc, 'sys/kernel/random/boot_id')).trim();
  const [pids, mounts, time] = ['pid', 'mnt', 'time'].map((name) => linkOf(join(proc, 'self/ns', name)));
  const isOwn = linkOf(join(proc, 'self')) === String(process.pid);
  if (!BOOT_ID.test(boot) || !isOwn || !pids || !mounts) return null;
  // Older kernels know only one time.
  return [boot, pids, mounts, ...(time ? [time] : [])].join(' ');
}

/** The 22nd field of /proc/PID/stat, in clock ticks since boot; null where there is no /proc, or no such process. */
function startOf(pid: number, proc: string): string | null {
  const stat = textOf(join(proc, String(pid), 'stat'));
  if (stat === '') return null;
  // A zombie has ended; only its parent has not asked yet.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
}

/** As Terraform chooses it: by the environment, else by what `workspace select` has written; an empty variable is none. */
function workspaceOf(folder: string, env: Surroundings['env']): string {
  const { TF_WORKSPACE = '' } = env;
  const names = [TF_WORKSPACE, textOf(resolve(folder, dataOf(env), 'environment')).trim(), 'default'];
  return names.find((name) => name !== '') ?? '';
}

/** Where Terraform keeps what it knows of a working folder. */
function dataOf({ TF_DATA_DIR = '' }: Surroundings['env']): string {
  return TF_DATA_DIR === '' ? '.terraform' : TF_DATA_DIR;
}

function realPathOf(folder: string): string | null {
  try {
    return short(realpathSync(folder));
  } catch {
    return null;
  }
}

/** The files that tell of a process or a workspace have a line each. */
const LARGEST_TEXT = 64 * 1024;
const LONGEST_NAME = 200;
const END_OF_NAME = 48;

/** A journal has little room: of a long name its end stays readable, and the rest is told apart. */
function short(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${digest}…${name.slice(-END_OF_NAME)}`;
}

/** Empty where it cannot be read. */
function textOf(path: string): string {
  try {
    return readRegularSync(path, LARGEST_TEXT);
  } catch {
    return '';
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
