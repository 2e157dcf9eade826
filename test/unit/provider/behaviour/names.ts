import type { EmulatorKey } from '../../../../src/emulator/index.js';

/** When every case begins. Time moves only where a case moves it. */
export const BEGINNING = new Date('2026-01-01T00:00:00Z');

/** What differs from run to run, by names that do not: key IDs, secrets, times, paths, processes. */
export class Names {
  readonly #keys = new Map<string, string>();
  readonly #secrets = new Map<string, string>();
  #ours = 0;
  #strangers = 0;

  constructor(private readonly folder: string) {}

  /** A key that this resource's provider made, or that was imported: K1, K2 … */
  ours(key: EmulatorKey): void {
    this.#learn(key, `K${++this.#ours}`);
  }

  /** Somebody else's: S1, S2 … */
  stranger(key: EmulatorKey): void {
    this.#learn(key, `S${++this.#strangers}`);
  }

  of(accessKeyId: string): string {
    return this.#keys.get(accessKeyId) ?? accessKeyId;
  }

  /** Whose pair a file holds, by its ID and by its secret. */
  pairIn(text: string): string {
    const id = [...this.#keys].find(([key]) => text.includes(key))?.[1];
    const secret = [...this.#secrets].find(([value]) => text.includes(value))?.[1];
    if (id === undefined) return secret === undefined ? 'another value' : `the secret of ${secret} alone`;
    if (secret === id) return `the pair of ${id}`;
    return secret === undefined ? `${id} with no secret that is known` : `${id} with the secret of ${secret}`;
  }

  clean(text: string): string {
    let clean = text.replaceAll(this.folder, 'FOLDER');
    for (const [id, name] of this.#keys) clean = clean.replaceAll(id, name);
    for (const [secret, name] of this.#secrets) clean = clean.replaceAll(secret, `(the secret of ${name})`);
    return clean
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, moment)
      .replace(/process \d+ on [^\s,);]+/g, 'process PID on HOST')
      .replace(/(request )[0-9a-f-]{36}/g, '$1ID')
      .replace(/(lightsail-kept-)[\w-]+/g, '$1*')
      .replace(/127\.0\.0\.1:\d+/g, 'EMULATOR');
  }

  #learn({ accessKeyId, secretAccessKey }: EmulatorKey, name: string): void {
    this.#keys.set(accessKeyId, name);
    this.#secrets.set(secretAccessKey, name);
  }
}

const HOUR = 3_600_000;

/** `T+1d2h`: so long after the beginning. */
function moment(text: string): string {
  const seconds = Math.round((Date.parse(text) - BEGINNING.getTime()) / 1000);
  if (seconds % 3600 !== 0) return `T${seconds < 0 ? '' : '+'}${seconds}s`;
  const hours = (seconds * 1000) / HOUR;
  const days = Math.trunc(hours / 24);
  return `T${hours < 0 ? '' : '+'}${days}d${hours % 24 === 0 ? '' : `${hours % 24}h`}`;
}
