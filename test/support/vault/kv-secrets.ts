import { errors } from './answer.js';
import type { Answer } from './answer.js';

interface Version {
  data: object | null;
  deletionTime: string;
  destroyed: boolean;
}

interface Stored {
  custom: Record<string, string> | null;
  /** Seconds after which a version is deleted by itself; 0: never. */
  lifetime: number;
  versions: Version[];
}

/** How many versions a mount keeps where nobody has configured that. */
const KEPT = 10;

/** One mount of the KV engine, version 2, as OpenBao 2.7 has it. */
export class KvSecrets {
  readonly #secrets = new Map<string, Stored>();
  #lifetime = 0;

  has(name: string): boolean {
    return this.#secrets.has(name);
  }

  answer(method: string, kind: string, name: string, body: Record<string, unknown>): Answer {
    switch (`${method} ${kind}`) {
      case 'GET config':
        return [
          200,
          { data: { max_versions: 0, cas_required: false, delete_version_after: duration(this.#lifetime) } },
        ];
      case 'POST config':
        this.#lifetime = Number.parseInt(body.delete_version_after as string);
        return [204, undefined];
      case 'GET data':
        return this.#read(name);
      case 'POST data':
        return this.#write(name, body);
      case 'DELETE data':
        return this.#softDelete(name);
      case 'GET metadata':
        return this.#metadata(name);
      case 'LIST metadata':
        return this.#list(name);
      case 'POST metadata':
        return this.#writeMetadata(name, body);
      case 'DELETE metadata':
        this.#secrets.delete(name);
        return [204, undefined];
      default:
        return errors(405, 'unsupported operation');
    }
  }

  #read(name: string): Answer {
    const stored = this.#secrets.get(name);
    const latest = stored?.versions.at(-1);
    if (!stored || !latest) return [404, { errors: [] }];
    const isGone = latest.destroyed || Date.parse(latest.deletionTime) <= Date.now();
    const data = { data: isGone ? null : latest.data, metadata: aboutLatest(stored, latest) };
    return [isGone ? 404 : 200, { data }];
  }

  #write(name: string, { options, data }: Record<string, unknown>): Answer {
    if (typeof data !== 'object' || data === null) return errors(400, 'no data provided');
    const stored = this.#secrets.get(name) ?? { custom: null, lifetime: 0, versions: [] };
    const { cas } = (options ?? {}) as { cas?: number };
    if (cas !== undefined && cas !== stored.versions.length) {
      return errors(400, 'check-and-set parameter did not match the current version');
    }
    const version = { data, deletionTime: this.#deletionTime(stored), destroyed: false };
    stored.versions.push(version);
    this.#secrets.set(name, stored);
    return [200, { data: aboutLatest(stored, version) }];
  }

  /** The shorter one of the mount's and its own. */
  #deletionTime({ lifetime }: Stored): string {
    const lifetimes = [this.#lifetime, lifetime].filter((seconds) => seconds > 0);
    if (lifetimes.length === 0) return '';
    return new Date(Date.now() + Math.min(...lifetimes) * 1000).toISOString();
  }

  #softDelete(name: string): Answer {
    const latest = this.#secrets.get(name)?.versions.at(-1);
    if (latest?.deletionTime === '') latest.deletionTime = new Date(Date.now() - 1).toISOString();
    return [204, undefined];
  }

  #metadata(name: string): Answer {
    const stored = this.#secrets.get(name);
    if (!stored) return [404, { errors: [] }];
    const versions = stored.versions.map(({ deletionTime, destroyed }, index) => [
      String(index + 1),
      { created_time: '2026-01-01T00:00:00Z', deletion_time: deletionTime, destroyed },
    ]);
    const data = {
      current_version: stored.versions.length,
      delete_version_after: duration(stored.lifetime),
      custom_metadata: stored.custom,
      versions: Object.fromEntries(versions.slice(-KEPT)) as object,
    };
    return [200, { data }];
  }

  /** One level, whether or not the folder is named with its slash; what lies deeper is a folder. */
  #list(name: string): Answer {
    const folder = name === '' ? '' : `${name.replace(/\/$/, '')}/`;
    const below = [...this.#secrets.keys()].filter((each) => each.startsWith(folder));
    const keys = new Set(below.map((each) => each.slice(folder.length).replace(/\/.*/, '/')));
    return keys.size > 0 ? [200, { data: { keys: [...keys].sort() } }] : [404, { errors: [] }];
  }

  #writeMetadata(
    name: string,
    { custom_metadata: custom, delete_version_after: lifetime }: Record<string, unknown>,
  ): Answer {
    const stored = this.#secrets.get(name) ?? { custom: null, lifetime: 0, versions: [] };
    if (custom !== undefined) {
      const entries = Object.entries(custom ?? {}).map(([key, value]) => [key, String(value)] as const);
      const wrong = wrongIn(entries);
      if (wrong) return errors(400, `1 error occurred:\n\t* custom_metadata validation failed: ${wrong}\n\n`);
      // Emptied, it is as if there had never been any.
      stored.custom = entries.length > 0 ? Object.fromEntries(entries) : null;
    }
    if (lifetime !== undefined) stored.lifetime = Number.parseInt(lifetime as string);
    this.#secrets.set(name, stored);
    return [204, undefined];
  }
}

function duration(seconds: number): string {
  return `${seconds}s`;
}

function aboutLatest({ custom, versions }: Stored, { deletionTime, destroyed }: Version): object {
  return { version: versions.length, custom_metadata: custom, deletion_time: deletionTime, destroyed };
}

function wrongIn(entries: readonly (readonly [key: string, value: string])[]): string | null {
  if (entries.length > 64) return `payload must contain at most 64 keys, provided ${entries.length}`;
  const tooLong = entries.find(([key]) => key.length > 128)?.[0];
  if (tooLong !== undefined) {
    return `length of key "${tooLong}" is ${tooLong.length} but must be 0 < len(key) <= 128`;
  }
  const [key, value] = entries.find(([, each]) => each.length === 0 || each.length > 512) ?? [];
  if (value === undefined) return null;
  return `length of value for key "${key ?? ''}" is ${value.length} but must be 0 < len(value) <= 512`;
}
