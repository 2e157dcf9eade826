import { type RecordedCall } from '../call-log.js';
import { type Fault } from '../faults/fault.js';
import { type ListLag } from '../options.js';
import { type EmulatorKey, type KeyStatus } from '../state/access-key.js';

/** A key as the control API shows it. */
export type VisibleKey = Omit<EmulatorKey, 'secretAccessKey'>;

export interface EmulatorState {
  readonly region: string;
  readonly time: Date;
  readonly buckets: readonly { readonly name: string; readonly keys: readonly VisibleKey[] }[];
}

/** Steers an emulator that runs in another process. */
export class EmulatorControl {
  constructor(readonly url: string) {}

  async state(): Promise<EmulatorState> {
    return (await this.#send('GET', 'state')) as EmulatorState;
  }

  /** Of each region; none where there is no such bucket. */
  async keys(bucket: string): Promise<readonly VisibleKey[]> {
    const { buckets } = await this.state();
    return buckets.find(({ name }) => name === bucket)?.keys ?? [];
  }

  async calls(): Promise<readonly RecordedCall[]> {
    return ((await this.#send('GET', 'calls')) as { calls: RecordedCall[] }).calls;
  }

  /** Answers the emulator's new time. */
  async advanceClock(ms: number): Promise<Date> {
    return ((await this.#send('POST', 'clock', { advanceMs: ms })) as { time: Date }).time;
  }

  /** All keys get so much older; the clock stays where it is. */
  async age(ms: number): Promise<void> {
    await this.#send('POST', 'age', { ageMs: ms });
  }

  /** Answers the ID under which the fault can be removed. */
  async addFault(fault: Fault): Promise<number> {
    return ((await this.#send('POST', 'faults', fault)) as { id: number }).id;
  }

  async removeFault(id: number): Promise<void> {
    await this.#send('DELETE', `faults/${id}`);
  }

  async clearFaults(): Promise<void> {
    await this.#send('DELETE', 'faults');
  }

  /** How far lists lag behind what happens from now on. */
  async setLag(lag: ListLag): Promise<void> {
    await this.#send('POST', 'lag', lag);
  }

  async createBucket(bucket: string): Promise<void> {
    await this.#send('POST', `buckets/${bucket}`);
  }

  async deleteBucket(bucket: string): Promise<void> {
    await this.#send('DELETE', `buckets/${bucket}`);
  }

  async makeStrangerKey(bucket: string): Promise<VisibleKey> {
    return (await this.#send('POST', `buckets/${bucket}/stranger-key`)) as VisibleKey;
  }

  async deleteKey(bucket: string, accessKeyId: string): Promise<void> {
    await this.#send('DELETE', `buckets/${bucket}/keys/${accessKeyId}`);
  }

  async setStatus(bucket: string, accessKeyId: string, status: KeyStatus): Promise<void> {
    await this.#send('POST', `buckets/${bucket}/keys/${accessKeyId}/status`, { status });
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(new URL(`/_emulator/${path}`, this.url), {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: unknown = JSON.parse(await response.text(), reviveTimes);
    if (!response.ok) {
      throw new Error(`The emulator refused ${method} ${path}: ${(answer as { error: string }).error}`);
    }
    return answer;
  }
}

const TIMES = new Set(['at', 'createdAt', 'date', 'time']);

function reviveTimes(name: string, value: unknown): unknown {
  return TIMES.has(name) && typeof value === 'string' ? new Date(value) : value;
}
