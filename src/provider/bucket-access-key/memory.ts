import type { PrivateData } from '../../plugin/index.js';

/** What the resource remembers beside its state, in clear: no secret. */
export interface Memory {
  /** Where the key was made; in another region it would look as if it were gone. Null in what an import brings. */
  readonly region: string | null;
  /** IDs of keys that this resource still has to delete. */
  readonly leftovers: readonly string[];
}

export function readMemory(data: PrivateData): Memory {
  if (data.length === 0) return { region: null, leftovers: [] };
  try {
    const { region, leftovers } = JSON.parse(Buffer.from(data).toString('utf8')) as Record<string, unknown>;
    return {
      region: typeof region === 'string' ? region : null,
      leftovers: Array.isArray(leftovers)
        ? leftovers.filter((id): id is string => typeof id === 'string')
        : [],
    };
  } catch {
    return { region: null, leftovers: [] };
  }
}

export function writeMemory(region: string | null, leftovers: readonly string[]): PrivateData {
  return Buffer.from(JSON.stringify({ region, leftovers: [...new Set(leftovers)] }));
}
