import type { PrivateData } from '../../plugin/index.js';

/** IDs of keys that this resource still has to delete: kept beside the state, and no secret. */
export function readLeftovers(data: PrivateData): readonly string[] {
  if (data.length === 0) return [];
  try {
    const { leftovers } = JSON.parse(Buffer.from(data).toString('utf8')) as { leftovers?: unknown };
    return Array.isArray(leftovers) ? leftovers.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function writeLeftovers(leftovers: readonly string[]): PrivateData {
  return leftovers.length === 0 ? new Uint8Array() : Buffer.from(JSON.stringify({ leftovers }));
}
