import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attributes, ManagedResource, ObjectValue, Provider, Value } from '../../../src/plugin/index.js';
import { UNKNOWN } from '../../../src/plugin/index.js';

/** What the toy remembers of its configuration: a folder where a test can watch it. */
export interface Toy {
  readonly folder: string;
}

const attributes: Attributes = {
  id: { type: 'string', computed: true },
  name: { type: 'string', required: true },
  size: { type: 'number', optional: true },
  ratio: { type: 'number', optional: true },
  labels: { type: ['map', 'string'], optional: true },
  secret: { type: 'string', optional: true, writeOnly: true },
  secret_length: { type: 'number', computed: true },
  /** Makes the toy misbehave; the test says how. */
  behaviour: { type: 'string', optional: true },
  rule: {
    optional: true,
    nested: {
      nesting: 'list',
      attributes: {
        port: { type: 'number', required: true },
        note: { type: 'string', optional: true, computed: true },
      },
    },
  },
};

const item: ManagedResource<Toy> = {
  schema: { version: 1, description: 'A thing that *exists*.', attributes },
  validate(config, { diagnostics }) {
    const rules = Array.isArray(config.rule) ? (config.rule as ObjectValue[]) : [];
    for (const [index, rule] of rules.entries()) {
      if (rule.port === 0)
        diagnostics.error('Port 0 is not a port', 'Choose another.', ['rule', index, 'port']);
    }
    const labels = typeof config.labels === 'object' && config.labels ? Object.entries(config.labels) : [];
    for (const [key, value] of labels) {
      if (value === 'bad') diagnostics.warning('A bad label', `It is ${key}.`, ['labels', { key }]);
    }
    if (config.behaviour === 'throw in validate') throw new Error('validate went wrong with s3cr3t');
  },
  upgrade(state) {
    return { name: (state as { title: string }).title, id: 'upgraded' };
  },
  read({ state }) {
    if (state.behaviour === 'gone') return Promise.resolve({ state: null });
    return Promise.resolve({ state });
  },
  async plan({ config, prior, proposed }) {
    await Promise.resolve();
    const replace = prior !== null && prior.name !== proposed.name;
    const planned: ObjectValue = isDeepStrictEqual(prior, { ...proposed, secret: null })
      ? proposed
      : {
          ...proposed,
          rule: withNotes(proposed.rule, UNKNOWN),
          id: prior && !replace ? (prior.id ?? UNKNOWN) : UNKNOWN,
          secret_length: UNKNOWN,
        };
    if (config.behaviour === 'extra attribute in plan') return { planned: { ...planned, x: 1 } };
    return { planned, ...(replace && { requiresReplace: [['name']] }) };
  },
  async create({ config, planned }, toy, { signal, log, diagnostics }) {
    log.info('creating', { secret: 's3cr3t' });
    if (config.behaviour === 'slow') await slowly(toy, signal, 200);
    if (config.behaviour === 'slow to stop') await slowly(toy, signal, 300_000);
    if (config.behaviour === 'read a pipe') await readPipe(toy);
    if (config.behaviour === 'throw in create') throw new Error('create went wrong with s3cr3t');
    const state = finish(config, planned, String(process.pid));
    if (config.behaviour === 'unknown after apply') return { state: { ...state, secret_length: UNKNOWN } };
    if (config.behaviour === 'wrong type') return { state: { ...state, secret_length: 'three' } };
    if (config.behaviour === 'stray') setTimeout(() => void Promise.reject(new Error('stray')), 1);
    if (config.behaviour === 'warn') diagnostics.warning('Beware of s3cr3t', 'It holds s3cr3t.', ['name']);
    return { state, privateData: Buffer.from('created') };
  },
  update({ config, planned, privateData }) {
    return Promise.resolve({ state: finish(config, planned, text(planned.id)), privateData });
  },
  delete({ prior }, toy, { diagnostics }) {
    if (prior.behaviour === 'undeletable') diagnostics.error('It cannot be deleted', 'It stays.');
    else writeFileSync(join(toy.folder, `deleted-${text(prior.name)}`), '');
    return Promise.resolve(undefined);
  },
  import(id) {
    return Promise.resolve({ state: { id, name: id } });
  },
  move({ sourceType, sourceState }) {
    if (sourceType !== 'toy_old') return Promise.resolve(undefined);
    return Promise.resolve({ state: { id: 'moved', name: (sourceState as { title: string }).title } });
  },
};

function finish(config: ObjectValue, planned: ObjectValue, id: string): ObjectValue {
  return {
    ...planned,
    rule: withNotes(planned.rule, 'noted'),
    id,
    secret: config.secret ?? null,
    secret_length: typeof config.secret === 'string' ? config.secret.length : 0,
  };
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The rules with a note in each that has none. */
function withNotes(rules: Value | undefined, note: Value): Value {
  if (!Array.isArray(rules)) return null;
  return (rules as ObjectValue[]).map((rule) => ({
    ...rule,
    note: typeof rule.note === 'string' ? rule.note : note,
  }));
}

/** Minutes that a stop cuts short, and then its last step; what happened is left in files. */
async function slowly(toy: Toy, signal: AbortSignal, lastStep: number): Promise<void> {
  leave(toy, 'started', String(process.pid));
  await sleep(300_000, undefined, { signal }).catch(() => undefined);
  await sleep(lastStep);
  leave(toy, 'finished', signal.aborted ? 'stopped' : 'in time');
}

/** Leaves word in a file that is never seen half written: a test waits until it is there, and reads it. */
function leave(toy: Toy, name: string, word: string): void {
  const file = join(toy.folder, name);
  writeFileSync(`${file}.part`, word);
  renameSync(`${file}.part`, file);
}

/** What nobody ever writes into, as a file system that hangs: no signal ends the read. */
async function readPipe(toy: Toy): Promise<void> {
  const pipe = join(toy.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  leave(toy, 'started', String(process.pid));
  await readFile(pipe);
}

const old: ManagedResource<Toy> = {
  schema: { version: 0, attributes: { title: { type: 'string', required: true } } },
  read: ({ state }) => Promise.resolve({ state }),
  plan: ({ proposed }) => Promise.resolve({ planned: proposed }),
  create: ({ planned }) => Promise.resolve({ state: planned }),
  update: ({ planned }) => Promise.resolve({ state: planned }),
  delete: () => Promise.resolve(undefined),
};

/** One attribute of any type, echoed: for the round trip of values. */
const echo: ManagedResource<Toy> = {
  ...old,
  schema: { version: 0, attributes: { any: { type: 'dynamic', optional: true } } },
};

export const toy: Provider<Toy> = {
  schema: { version: 0, attributes: { folder: { type: 'string', optional: true } } },
  configure: (config) => Promise.resolve({ folder: typeof config.folder === 'string' ? config.folder : '.' }),
  resources: { toy_item: item, toy_old: old, toy_echo: echo },
  dataSources: {
    toy_file: {
      schema: {
        version: 0,
        attributes: { path: { type: 'string', required: true }, text: { type: 'string', computed: true } },
      },
      read: (config) => Promise.resolve({ ...config, text: readFileSync(text(config.path), 'utf8') }),
    },
  },
  ephemeralResources: {
    toy_token: {
      schema: {
        version: 0,
        attributes: { seed: { type: 'string', required: true }, token: { type: 'string', computed: true } },
      },
      open: (config) => Promise.resolve({ ...config, token: `token of ${text(config.seed)}` }),
    },
  },
};
