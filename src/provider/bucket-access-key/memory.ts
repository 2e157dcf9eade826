import type { LastUse } from '../../lifecycle/access-key.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { StoredRecord, toStored, UnreadableRecord } from '../../lifecycle/stored-record.js';
import type { CallContext, ObjectValue, PrivateData } from '../../plugin/index.js';
import { memoryUnreadable } from '../messages.js';
import { text } from '../values.js';
import { diagnose } from './diagnose.js';

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

/**
 * What the resource remembers; nothing before it was ever applied. Throws where it cannot be read: taken for nothing,
 * it would let keys be forgotten that still have to be deleted, and the Region in which they are.
 */
export function readMemory(data: PrivateData, state: ObjectValue): Memory {
  if (data.length === 0) return NO_MEMORY;
  try {
    return memoryIn(StoredRecord.parse(Buffer.from(data).toString('utf8'), ABOUT));
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    throw new LifecycleError(
      memoryUnreadable(text(state.bucket_name) ?? '', text(state.access_key_id), error),
    );
  }
}

/** The same; null, with an error, where it cannot be read. */
export function remembered(data: PrivateData, state: ObjectValue, context: CallContext): Memory | null {
  try {
    return readMemory(data, state);
  } catch (error) {
    diagnose(error, context);
    return null;
  }
}

const ABOUT = {
  title: 'The private data beside the state',
  remedy:
    "Restore the state's last version. If there is none, take the resource out of the state with Terraform's state rm, and import its key as BUCKET,ACCESSKEYID.",
};

export function writeMemory(memory: Memory): PrivateData {
  const { region, account, leftovers, seen, previousSecret, untold, unrouted, waits } = memory;
  return Buffer.from(
    JSON.stringify(
      toStored({
        ...(region && { region }),
        ...(account && { account }),
        leftovers: [...new Set(leftovers)],
        ...(seen && { seen }),
        ...(previousSecret && { previousSecret }),
        ...(untold && { untold }),
        ...(unrouted && { unrouted }),
        ...(waits && { waits }),
      }),
    ),
  );
}

function memoryIn(record: StoredRecord): Memory {
  const seen = record.optional('seen', record.record);
  return {
    region: record.optional('region', record.text) ?? null,
    account: record.optional('account', record.text) ?? null,
    leftovers: record.texts('leftovers'),
    seen: seen ? sightIn(seen) : null,
    previousSecret: (record.optional('previousSecret', record.object) ?? null) as ObjectValue | null,
    untold: record.optional('untold', record.boolean) ?? false,
    unrouted: record.optional('unrouted', record.boolean) ?? false,
    waits: record.optional('waits', record.boolean) ?? false,
  };
}

function sightIn(record: StoredRecord): Sight {
  const asOf = new Date(record.instant('asOf'));
  const previous = record.optional('previous', record.record);
  if (!previous) return { asOf, previous: null };
  const lastUse = previous.optional('lastUse', previous.record);
  return {
    asOf,
    previous: {
      status: previous.text('status'),
      lastUse: lastUse ? useIn(lastUse) : null,
      isRead: previous.boolean('isRead'),
    },
  };
}

function useIn(record: StoredRecord): LastUse {
  return {
    date: new Date(record.instant('date')),
    region: record.text('region'),
    serviceName: record.text('serviceName'),
  };
}
