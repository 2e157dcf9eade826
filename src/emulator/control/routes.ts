import { type RecordedCall } from '../call-log.js';
import { type Fault, type FaultHandle, parseFault } from '../faults/fault.js';
import { type WireRequest } from '../http.js';
import { type ListLag } from '../options.js';
import { type Answer } from '../service.js';
import { type EmulatorKey, type KeyStatus } from '../state/access-key.js';

/** What the control API steers: the emulator, as a test in the same process would. */
export interface Controlled {
  readonly region: string;
  readonly buckets: readonly string[];
  readonly log: readonly RecordedCall[];
  readonly clock: { advance(ms: number): void; now(): Date };
  readonly faults: { add(fault: Fault): FaultHandle; remove(id: number): boolean; clear(): void };
  age(ms: number): void;
  createBucket(name: string): void;
  deleteBucket(name: string): void;
  setLag(lag: ListLag): void;
  keys(bucket: string): readonly EmulatorKey[];
  makeStrangerKey(bucket: string): EmulatorKey;
  deleteKey(bucket: string, accessKeyId: string): void;
  setStatus(bucket: string, accessKeyId: string, status: KeyStatus): void;
}

type Route = [method: string, path: RegExp, run: (on: Controlled, parts: string[], body: Body) => unknown];
type Body = Readonly<Record<string, unknown>>;

const ROUTES: readonly Route[] = [
  ['GET', /^state$/, (on) => state(on)],
  ['GET', /^calls$/, (on) => ({ calls: on.log })],
  ['POST', /^clock$/, (on, _parts, body) => advance(on, body)],
  ['POST', /^age$/, (on, _parts, body) => age(on, body)],
  ['POST', /^faults$/, (on, _parts, body) => ({ id: on.faults.add(parseFault(body)).id })],
  ['DELETE', /^faults$/, (on) => (on.faults.clear(), {})],
  ['DELETE', /^faults\/(\d+)$/, (on, [id]) => ({ removed: on.faults.remove(Number(id)) })],
  ['POST', /^lag$/, (on, _parts, body) => (on.setLag(parseLag(body)), {})],
  ['POST', /^buckets\/([^/]+)$/, (on, [bucket = '']) => (on.createBucket(bucket), {})],
  ['DELETE', /^buckets\/([^/]+)$/, (on, [bucket = '']) => (on.deleteBucket(bucket), {})],
  [
    'POST',
    /^buckets\/([^/]+)\/stranger-key$/,
    (on, [bucket = '']) => withoutSecret(on.makeStrangerKey(bucket)),
  ],
  [
    'DELETE',
    /^buckets\/([^/]+)\/keys\/([^/]+)$/,
    (on, [bucket = '', id = '']) => (on.deleteKey(bucket, id), {}),
  ],
  [
    'POST',
    /^buckets\/([^/]+)\/keys\/([^/]+)\/status$/,
    (on, [bucket = '', id = ''], body) => (on.setStatus(bucket, id, status(body)), {}),
  ],
];

/** Steers the emulator over HTTP, for those who run it as a process of its own. Answers never hold a secret. */
export function routeControl(request: WireRequest, controlled: Controlled): Answer {
  const path = request.path.slice('/_emulator/'.length);
  try {
    for (const [method, pattern, run] of ROUTES) {
      const match = request.method === method ? pattern.exec(path) : null;
      if (match) return answer(200, run(controlled, match.slice(1), parseBody(request.body)));
    }
    return answer(404, { error: `No such control: ${request.method} ${request.path}` });
  } catch (error) {
    return answer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function state(on: Controlled): unknown {
  const buckets = on.buckets.map((name) => ({ name, keys: on.keys(name).map(withoutSecret) }));
  return { region: on.region, time: on.clock.now(), buckets };
}

function withoutSecret(key: EmulatorKey): Omit<EmulatorKey, 'secretAccessKey'> {
  const { accessKeyId, status, createdAt, lastUsed } = key;
  return { accessKeyId, status, createdAt, ...(lastUsed && { lastUsed }) };
}

function advance(on: Controlled, { advanceMs }: Body): unknown {
  if (typeof advanceMs !== 'number') throw new Error('advanceMs is missing or not a number.');
  on.clock.advance(advanceMs);
  return { time: on.clock.now() };
}

function age(on: Controlled, { ageMs }: Body): unknown {
  if (typeof ageMs !== 'number') throw new Error('ageMs is missing or not a number.');
  on.age(ageMs);
  return {};
}

/** How far lists lag, out of JSON. A member it does not know is refused, as with a fault. */
function parseLag(value: Readonly<Record<string, unknown>>): ListLag {
  const { newKeyMs, deletedKeyMs, deletedTakesSlot, lastUsedMs, lastUsedEveryMs, ...unknown } = value;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new Error(`A lag has no ${name}.`);
  const isTime = (ms: unknown) => ms === undefined || (Number.isInteger(ms) && (ms as number) >= 0);
  if (![newKeyMs, deletedKeyMs, lastUsedMs, lastUsedEveryMs].every(isTime)) {
    throw new Error(
      'newKeyMs, deletedKeyMs, lastUsedMs and lastUsedEveryMs are whole milliseconds, zero or more.',
    );
  }
  if (deletedTakesSlot !== undefined && typeof deletedTakesSlot !== 'boolean') {
    throw new Error('deletedTakesSlot is true or false.');
  }
  return value;
}

function status({ status: value }: Body): KeyStatus {
  if (value === 'Active' || value === 'Inactive') return value;
  throw new Error('The status is either Active or Inactive.');
}

function parseBody(body: Buffer): Body {
  const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw new Error('The body is not a JSON object.');
}

function answer(statusCode: number, value: unknown): Answer {
  return {
    status: statusCode,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  };
}
