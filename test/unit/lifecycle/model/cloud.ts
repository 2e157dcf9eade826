import { KEYS_PER_BUCKET } from '../../../../src/lifecycle/access-key.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import { LATE_LANDING_MILLISECONDS } from '../../../../src/lifecycle/journal/late-window.js';

/** Who asked for a key. A neighbour is another resource of the same process. */
export type Maker = 'A' | 'B' | 'neighbour' | 'stranger';

/** A key as only the model knows it: with its maker. */
export interface CloudKey {
  readonly id: string;
  readonly bucket: string;
  readonly maker: Maker;
  readonly secret: string;
  readonly createdAt: number;
  /** How many messages had been shown, and which run had begun, when the key came to life. */
  readonly bornAfterMessage: number;
  readonly bornInRun: number;
  readonly bornAtStep: number;
  alive: boolean;
  /** Lists show the key until then, and count it, although it was deleted. */
  shownUntil: number;
  status: 'Active' | 'Inactive';
}

interface Landing {
  readonly bucket: string;
  readonly maker: Maker;
  readonly atStep: number;
  readonly atLatest: number;
}

/** Lightsail's side: buckets of two keys, the service's time, and creates that take effect late. */
export class Cloud {
  now = Date.parse('2026-01-01T00:00:00.000Z');
  readonly keys: CloudKey[] = [];
  #landings: Landing[] = [];
  #lists = 0;

  constructor(
    private readonly place: () => { readonly message: number; readonly run: number; readonly step: number },
  ) {}

  alive(bucket: string): CloudKey[] {
    return this.keys.filter((key) => key.alive && key.bucket === bucket);
  }

  /** Those that take a slot: deleted ones, too, as long as AWS has not noticed. */
  counted(bucket: string): CloudKey[] {
    return this.keys.filter((key) => key.bucket === bucket && (key.alive || this.now < key.shownUntil));
  }

  /** What one list shows: replicas differ in whether they have heard of a deletion. */
  shown(bucket: string, lag: number): CloudKey[] {
    this.#lists += 1;
    const known = this.#lists % 2 === 0 ? this.alive(bucket) : this.counted(bucket);
    return known.filter((key) => isListed(key, lag, this.now));
  }

  /** By a call of the API, after which lists lag. */
  delete(key: CloudKey, lag: number): void {
    key.alive = false;
    key.shownUntil = this.now + lag;
  }

  /** Living keys that no list shows yet. */
  unlisted(lag: number): CloudKey[] {
    return this.keys.filter((key) => key.alive && !isListed(key, lag, this.now));
  }

  find(id: string | null | undefined): CloudKey | undefined {
    return this.keys.find((key) => key.id === id);
  }

  /** Null when the bucket is full. */
  make(bucket: string, maker: Maker, at = this.now): CloudKey | null {
    if (this.counted(bucket).length >= KEYS_PER_BUCKET) return null;
    const number = this.keys.length + 1;
    const { message, run, step } = this.place();
    const key: CloudKey = {
      id: `AKIA${maker.toUpperCase().padEnd(9, 'X')}${String(number).padStart(4, '0')}`,
      bucket,
      maker,
      secret: `SECRET-${number}`,
      createdAt: at,
      bornAfterMessage: message,
      bornInRun: run,
      bornAtStep: step,
      alive: true,
      shownUntil: 0,
      status: 'Active',
    };
    this.keys.push(key);
    return key;
  }

  makeLate(bucket: string, maker: Maker, atStep: number): void {
    this.#landings.push({ bucket, maker, atStep, atLatest: this.now + LATE_LANDING_MILLISECONDS });
  }

  get isAnythingInTheAir(): boolean {
    return this.#landings.length > 0;
  }

  pass(milliseconds: number, step: number): void {
    this.now += milliseconds;
    const due = this.#landings.filter(({ atStep, atLatest }) => atStep <= step || atLatest <= this.now);
    if (due.length === 0) return;
    this.#landings = this.#landings.filter((landing) => !due.includes(landing));
    for (const { bucket, maker, atLatest } of due) this.make(bucket, maker, Math.min(atLatest, this.now));
  }
}

/** A stranger's key is there when it comes; others are listed late. */
export function isListed({ maker, createdAt }: CloudKey, lag: number, now: number): boolean {
  return maker === 'stranger' || createdAt + lag <= now;
}

/** As the API lists it; `usedAt`: somebody's last request that was signed with it. */
export function listed(key: CloudKey, usedAt: number | null = null): AccessKey {
  // The API tells seconds.
  const createdAt = new Date(Math.floor(key.createdAt / 1000) * 1000);
  const lastUse = usedAt === null ? null : { date: new Date(usedAt), region: 'eu-west-1', serviceName: 's3' };
  return { id: key.id, status: key.status, createdAt, lastUse };
}
