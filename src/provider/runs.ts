import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readRegularSync } from '../files/regular-file.js';
import { BUCKET_NAME } from '../contract/names.js';
import type { Baseline, Holder } from '../lifecycle/journal/entry.js';
import type { LeftInFolder, Runs } from '../lifecycle/ports.js';

/** Where the process finds out about itself. */
interface Surroundings {
  readonly proc: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Terraform's working folder is its provider's, too. */
  readonly folder: string;
}

/** What a key is for, in a note that a later run of the folder reads. */
export interface Purpose {
  readonly bucket: string;
  /** Tells the place to which its pair goes from others. */
  readonly place: string;
}

/** A note of a run that is dead. */
export interface Note extends LeftInFolder, Purpose {
  /** The file's name. */
  readonly name: string;
}

/** Tells this process from others, and a dead one from one that may still run. */
export class ProcessRuns {
  readonly self: Holder;
  readonly #proc: string;
  readonly #notes: string;
  /** Process IDs are used again. */
  readonly #nonce = randomUUID();

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
    return this.#hasEnded(holder);
  }

  /** As it is known to the work on one key. */
  for(purpose: Purpose): Runs {
    const asked = `${purpose.bucket}.${this.#nonce}${ASKED}`;
    return {
      self: this.self,
      isDead: (holder) => this.isDead(holder),
      wasLeft: (id) => this.wasLeft(id),
      noteMade: (id, asOf) => {
        if (KEY_ID.test(id)) this.#note(id + MADE, this.#written(purpose, null, asOf));
      },
      noteAsked: (baseline, asOf) => {
        // One of an earlier creation of this process would say too little of this one.
        this.#forget(asked);
        this.#note(asked, this.#written(purpose, baseline, asOf));
      },
      forgetAsked: () => {
        this.#forget(asked);
      },
      wasTaken: (id) => this.wasTaken(id),
      noteTaken: (id) => {
        this.noteTaken(id);
      },
      forget: (id) => {
        this.forget(id);
      },
    };
  }

  /** What dead runs of this folder have made or asked for, and had not taken back. Never throws. */
  left(): readonly Note[] {
    return namesIn(this.#notes).flatMap((name) => {
      const [, key = null, isAsked] = NOTE.exec(name) ?? [];
      if (key === null && isAsked === undefined) return [];
      const note = noteIn(textOf(join(this.#notes, name)));
      // Another workspace's state is not this run's.
      if (note?.holder.workspace !== this.self.workspace || this.#mayRun(note.holder)) return [];
      const { bucket, place, at, baseline } = note;
      return [{ name, key, bucket, place, at, baseline }];
    });
  }

  forgetLeft({ name }: Note): void {
    this.#forget(name);
  }

  wasLeft(accessKeyId: string): boolean {
    return this.#has(accessKeyId, MADE);
  }

  wasTaken(accessKeyId: string): boolean {
    return this.#has(accessKeyId, TAKEN);
  }

  noteTaken(accessKeyId: string): void {
    if (!KEY_ID.test(accessKeyId)) return;
    this.#forget(accessKeyId + MADE);
    this.#note(accessKeyId + TAKEN, '');
  }

  forget(accessKeyId: string): void {
    if (!KEY_ID.test(accessKeyId)) return;
    this.#forget(accessKeyId + MADE);
    this.#forget(accessKeyId + TAKEN);
  }

  #has(accessKeyId: string, kind: typeof MADE | typeof TAKEN): boolean {
    return KEY_ID.test(accessKeyId) && existsSync(join(this.#notes, accessKeyId + kind));
  }

  #note(name: string, text: string): void {
    // Without Terraform's own folder there is no place that a later run would look at.
    if (!existsSync(dirname(this.#notes))) return;
    try {
      mkdirSync(this.#notes, { recursive: true });
      // Follows no link, and changes nothing that is there.
      if (this.#isFolder) writeFileSync(join(this.#notes, name), text, { flag: 'wx', mode: 0o600 });
    } catch {
      // It is there, or the store alone can say so.
    }
  }

  #forget(name: string): void {
    const path = join(this.#notes, name);
    if (!existsSync(path) || !this.#isFolder) return;
    try {
      unlinkSync(path);
    } catch {
      // It stays, and says what has been so.
    }
  }

  #written(purpose: Purpose, baseline: Baseline, at: Date): string {
    const { machine, pid, started, workspace } = this.self;
    return JSON.stringify({ ...purpose, baseline, at, machine, pid, started, workspace });
  }

  /** Of a process that may be of another machine with this folder, its end is unknown: its key is named. */
  #mayRun(holder: ProcessName): boolean {
    return holder.machine === this.self.machine && !this.#hasEnded(holder);
  }

  #hasEnded({ pid, started: then }: ProcessName): boolean {
    try {
      process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
    const started = startOf(pid, this.#proc);
    return started !== null && then !== '' && started !== then;
  }

  get #isFolder(): boolean {
    return lstatSync(this.#notes, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }
}

/** In Terraform's data folder: files that are named by the IDs of keys of which no store is known to know all. */
const NOTES = 'lightsail-access-key';
/** A run of this folder has made the key, and has not ended in order. */
const MADE = '.made';
/** A run of this folder has asked for a key of the bucket, and has no answer yet. */
const ASKED = '.asked';
/** A run of this folder has ended in order, so Terraform has taken its answer. */
const TAKEN = '';
const KEY_ID = /^[A-Z0-9]+$/;
const NOTE = /^(?:([A-Z0-9]+)\.made|[a-z0-9-]+\.[0-9a-f-]+(\.asked))$/;

type ProcessName = Pick<Holder, 'machine' | 'pid' | 'started' | 'workspace'>;

interface Written extends Purpose {
  readonly at: Date;
  readonly baseline: Baseline;
  readonly holder: ProcessName;
}

/** Null for what this version has not written. */
function noteIn(text: string): Written | null {
  try {
    const { bucket, place, at, baseline, machine, pid, started, workspace } = JSON.parse(text) as Record<
      string,
      unknown
    >;
    const isBucket = typeof bucket === 'string' && BUCKET_NAME.test(bucket) && typeof place === 'string';
    const isTime = typeof at === 'string' && !Number.isNaN(Date.parse(at));
    const isHolder = (machine === null || typeof machine === 'string') && typeof pid === 'number';
    const isBaseline = baseline === null || (Array.isArray(baseline) && baseline.every(isText));
    if (!isBucket || !isTime || !isHolder || !isBaseline || !isText(started) || !isText(workspace))
      return null;
    return { bucket, place, at: new Date(at), baseline, holder: { machine, pid, started, workspace } };
  } catch {
    return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

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
