import { errors } from './vault-server.js';
import type { Answer } from './vault-server.js';

interface Version {
  data: object | null;
  deletionTime: string;
  destroyed: boolean;
}

interface Stored {
  custom: Record<string, string> | null;
  versions: Version[];
}

/** One mount of the KV engine, version 2, as Vault's documentation describes it. */
export class KvSecrets {
  readonly #secrets = new Map<string, Stored>();
  /** Before Vault 1.9. */
  keepsCustomMetadata = true;

  has(name: string): boolean {
    return this.#secrets.has(name);
  }

  answer(method: string, kind: 'data' | 'metadata', name: string, body: Record<string, unknown>): Answer {
    switch (`${method} ${kind}`) {
      case 'GET data':
        return this.#read(name);
      case 'POST data':
        return this.#write(name, body);
      case 'DELETE data':
        return this.#softDelete(name);
      case 'GET metadata':
        return this.#metadata(name);
      case 'LIST metadata': {
        const keys = [...this.#secrets.keys()].filter((key) => key.startsWith(name));
        return keys.length > 0 ? [200, { data: { keys } }] : [404, { errors: [] }];
      }
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
    const metadata = { version: stored.versions.length, destroyed: latest.destroyed };
    const data = { data: latest.data, metadata: { ...metadata, deletion_time: latest.deletionTime } };
    return latest.destroyed || latest.deletionTime !== ''
      ? [404, { data: { ...data, data: null } }]
      : [200, { data }];
  }

  #write(name: string, { options, data }: Record<string, unknown>): Answer {
    if (typeof data !== 'object' || data === null) return errors(400, 'no data provided');
    const stored = this.#secrets.get(name) ?? { custom: null, versions: [] };
    const { cas } = (options ?? {}) as { cas?: number };
    if (cas !== undefined && cas !== stored.versions.length) {
      return errors(400, 'check-and-set parameter did not match the current version');
    }
    stored.versions.push({ data, deletionTime: '', destroyed: false });
    this.#secrets.set(name, stored);
    return [200, { data: { version: stored.versions.length, deletion_time: '', destroyed: false } }];
  }

  #softDelete(name: string): Answer {
    const latest = this.#secrets.get(name)?.versions.at(-1);
    if (latest) latest.deletionTime = new Date(Date.now() - 1).toISOString();
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
      custom_metadata: stored.custom,
      versions: Object.fromEntries(versions) as object,
    };
    return [200, { data }];
  }

  #writeMetadata(name: string, { custom_metadata: custom }: Record<string, unknown>): Answer {
    const entries = Object.entries((custom ?? {}) as Record<string, unknown>);
    if (entries.length > 64) return errors(400, 'too many custom metadata keys');
    if (entries.some(([key, value]) => key.length > 128 || typeof value !== 'string' || value.length > 512)) {
      return errors(400, 'custom metadata validation failed');
    }
    const stored = this.#secrets.get(name) ?? { custom: null, versions: [] };
    if (this.keepsCustomMetadata) stored.custom = Object.fromEntries(entries) as Record<string, string>;
    this.#secrets.set(name, stored);
    return [204, undefined];
  }
}
