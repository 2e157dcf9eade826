import type { LastUse } from '../../lifecycle/access-key.js';
import type { ObjectValue, PrivateData } from '../../plugin/index.js';

/** Where a key was made: elsewhere it would look as if it were gone. Null where nobody can tell, as after a move. */
export interface Origin {
  readonly region: string | null;
  /** The AWS account, by the credentials that were used. */
  readonly account: string | null;
}

/** What the resource remembers beside its state, in clear: no secret. */
export interface Memory extends Origin {
  /** IDs of keys that this resource still has to delete. */
  readonly leftovers: readonly string[];
  /** What the last refresh saw; null before the first one. */
  readonly seen: Sight | null;
  /** The `secret` argument under which the previous key's pair was delivered, where it is another one now. */
  readonly previousSecret: ObjectValue | null;
  /** The author's program has yet to be told of the current key. */
  readonly untold: boolean;
  /** The current key was imported or moved, and the `secret` of the state is not yet where its pair is. */
  readonly unrouted: boolean;
  /** Only between a plan and its apply: another key is called for, and cannot be made now. */
  readonly waits: boolean;
}

/**
 * Terraform plans an update once more while it applies, and both plans have to come to the same end. So what is due
 * is decided by the service's time at the refresh, which both of them are given.
 */
export interface Sight {
  readonly asOf: Date;
  readonly previous: {
    readonly status: string;
    readonly lastUse: LastUse | null;
    /** Its pair lies where the current key's belongs. */
    readonly isRead: boolean;
  } | null;
}

export const NO_MEMORY: Memory = {
  region: null,
  account: null,
  leftovers: [],
  seen: null,
  previousSecret: null,
  untold: false,
  unrouted: false,
  waits: false,
};

export function readMemory(data: PrivateData): Memory {
  if (data.length === 0) return NO_MEMORY;
  try {
    const { region, account, leftovers, seen, previousSecret, untold, unrouted, waits } = JSON.parse(
      Buffer.from(data).toString('utf8'),
    ) as Partial<Record<keyof Memory, unknown>>;
    return {
      region: typeof region === 'string' ? region : null,
      account: typeof account === 'string' ? account : null,
      leftovers: Array.isArray(leftovers)
        ? leftovers.filter((id): id is string => typeof id === 'string')
        : [],
      seen: sightIn(seen),
      previousSecret: isRecord(previousSecret) ? (previousSecret as ObjectValue) : null,
      untold: untold === true,
      unrouted: unrouted === true,
      waits: waits === true,
    };
  } catch {
    return NO_MEMORY;
  }
}

export function writeMemory(memory: Memory): PrivateData {
  const { region, account, leftovers, seen, previousSecret, untold, unrouted, waits } = memory;
  return Buffer.from(
    JSON.stringify({
      region,
      ...(account && { account }),
      leftovers: [...new Set(leftovers)],
      ...(seen && { seen }),
      ...(previousSecret && { previousSecret }),
      ...(untold && { untold }),
      ...(unrouted && { unrouted }),
      ...(waits && { waits }),
    }),
  );
}

function sightIn(value: unknown): Sight | null {
  if (!isRecord(value)) return null;
  const asOf = dateIn(value.asOf);
  if (!asOf) return null;
  const { previous } = value;
  if (!isRecord(previous) || typeof previous.status !== 'string') return { asOf, previous: null };
  const { status, lastUse, isRead } = previous;
  return { asOf, previous: { status, lastUse: useIn(lastUse), isRead: isRead === true } };
}

function useIn(value: unknown): LastUse | null {
  if (!isRecord(value)) return null;
  const date = dateIn(value.date);
  const { region, serviceName } = value;
  return date && typeof region === 'string' && typeof serviceName === 'string'
    ? { date, region, serviceName }
    : null;
}

function dateIn(value: unknown): Date | null {
  const date = new Date(typeof value === 'string' ? value : '');
  return Number.isNaN(date.getTime()) ? null : date;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
