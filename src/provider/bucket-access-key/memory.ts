import { randomUUID } from 'node:crypto';
import { NOT_REPORTED } from '../../lifecycle/access-key.js';
import type { AccessKey, LastUse } from '../../lifecycle/access-key.js';
import type { KnownView } from '../../lifecycle/known-keys.js';
import { STORED_DECISIONS } from '../../lifecycle/decide.js';
import type { StoredDecision } from '../../lifecycle/decide.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { Message } from '../../lifecycle/message.js';
import type { LastRefresh } from '../../lifecycle/resource.js';
import { StoredRecord, toStored, UnreadableRecord } from '../../lifecycle/journal/stored-record.js';
import type { ObjectValue, PrivateData } from '../../plugin/index.js';
import { deletedWithoutMemory, memoryUnreadable } from '../messages.js';
import { isObject, text } from '../values.js';

/** Where a key was made: elsewhere it would look as if it were gone. Null where that is unknown, as after a move. */
export interface Origin {
  readonly region: string | null;
  /** The AWS account, by the credentials that were used. */
  readonly account: string | null;
}

/** What the resource remembers beside its state, in clear: no secret. */
export interface Memory extends Origin {
  /** Tells it from another resource that has the same key in its state; null where it was never given one. */
  readonly resource: string | null;
  /** IDs of keys that this resource still has to delete. */
  readonly leftovers: readonly string[];
  /** Keys of this resource that no list had shown yet, with the times at which they were made; null for none. */
  readonly unlisted: Readonly<Record<string, string>> | null;
  /** Keys of this resource that it has tried on S3, with the times: IAM shows that as a use. Null for none. */
  readonly tried: Readonly<Record<string, string>> | null;
  /** ID of the last current key, where it was found gone and the resource stays for what else may live. */
  readonly former: string | null;
  /** IDs of the keys beside which the current one was made, and of others that are accounted for; null: unknown. */
  readonly accounted: readonly string[] | null;
  /** Null before the first one. */
  readonly lastRefresh: LastRefresh | null;
  /** The `secret` argument under which the previous key's pair was delivered, where it is another one now. */
  readonly previousSecret: ObjectValue | null;
  /** The after_create hook has not succeeded yet for the current key. */
  readonly isHookPending: boolean;
  /** Its creation failed, and its key could not be deleted: the pair is nowhere. */
  readonly hasFailed: boolean;
  /** The current key was imported or moved, and the `secret` of the state is not yet where its pair is. */
  readonly isUndelivered: boolean;
  /** The key was moved here from another provider's state, and no run has seen it on its bucket yet. */
  readonly isUnseen: boolean;
  /** An apply was killed: Terraform has kept the attributes, and not what was noted beside them. */
  readonly isLost: boolean;
  /** IDs of the keys that were reported since, as they are no known resource's; null: none yet. */
  readonly reported: readonly string[] | null;
  /** Only between a plan and its apply. */
  readonly decision: StoredDecision | null;
  /** Only between the plan of a removal and its apply: the key that was made in the place of this one, with the time. */
  readonly follower: Readonly<Record<string, string>> | null;
}

export const NO_MEMORY: Memory = {
  resource: null,
  region: null,
  account: null,
  leftovers: [],
  unlisted: null,
  tried: null,
  former: null,
  accounted: null,
  lastRefresh: null,
  previousSecret: null,
  isHookPending: false,
  hasFailed: false,
  isUndelivered: false,
  isUnseen: false,
  isLost: false,
  reported: null,
  decision: null,
  follower: null,
};

/** What a resource remembers that comes into a state. */
export function newMemory(more: Partial<Memory>): Memory & { readonly resource: string } {
  return { ...NO_MEMORY, ...more, resource: randomUUID() };
}

/** What the resource remembers cannot be read. */
export class UnreadableMemory extends LifecycleError {
  /** What is said where a deletion goes on without it. */
  readonly atDeletion: Message;

  constructor(state: ObjectValue, cause: UnreadableRecord) {
    const about = [text(state.bucket_name) ?? '', text(state.access_key_id), cause] as const;
    super(memoryUnreadable(...about));
    this.atDeletion = deletedWithoutMemory(...about);
  }
}

/**
 * What the resource remembers; nothing before it was ever applied. Throws where it cannot be read: taken for nothing,
 * it would let keys be forgotten that still have to be deleted, and the Region in which they are.
 */
export function readMemory(data: PrivateData, state: ObjectValue): Memory {
  if (data.length === 0) return withoutNotes(state);
  try {
    return memoryIn(StoredRecord.parse(Buffer.from(data).toString('utf8'), ABOUT));
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    throw new UnreadableMemory(state, error);
  }
}

/** Whoever has made, imported or moved a key has noted something, too. Its key tells the resource from others then. */
function withoutNotes(state: ObjectValue): Memory {
  const key = text(state.access_key_id) ?? text(state.previous_access_key_id);
  if (key === null) return NO_MEMORY;
  const { hooks = null } = state;
  // Whether the hook had succeeded is lost, too: run twice, it does no harm.
  const isHookPending = isObject(hooks) && isObject(hooks.after_create);
  return { ...NO_MEMORY, resource: `of ${key}`, isLost: true, isHookPending };
}

const ABOUT = {
  title: 'The private data beside the state',
  remedy:
    "Restore the state's last version. If there is none, take the resource out of the state with Terraform's state rm, and import its key as BUCKET,ACCESSKEYID.",
};

/** The keys that other resources of this process have in their states are theirs: the next process may not read them. */
export function withAccounted(
  memory: Memory,
  listed: readonly Pick<AccessKey, 'id'>[],
  known: KnownView,
): Memory {
  const { accounted } = memory;
  if (!accounted) return memory;
  const theirs = listed.map(({ id }) => id).filter((id) => known.ours.has(id));
  return { ...memory, accounted: [...new Set([...accounted, ...theirs])] };
}

export function writeMemory({ leftovers, lastRefresh, ...memory }: Memory): PrivateData {
  const isSaid = (value: unknown) => value !== null && value !== false;
  const said = Object.entries({ ...memory, lastRefresh: lastRefresh && storedRefresh(lastRefresh) }).filter(
    ([, value]) => isSaid(value),
  );
  const record = toStored({ leftovers: [...new Set(leftovers)], ...Object.fromEntries(said) });
  return Buffer.from(JSON.stringify(record));
}

function memoryIn(record: StoredRecord): Memory {
  const lastRefresh = record.optional('lastRefresh', record.record);
  const decision = record.optional('decision', record.record);
  return {
    resource: record.optional('resource', record.text) ?? null,
    region: record.optional('region', record.text) ?? null,
    account: record.optional('account', record.text) ?? null,
    leftovers: record.texts('leftovers'),
    unlisted: record.optional('unlisted', record.instants) ?? null,
    tried: record.optional('tried', record.instants) ?? null,
    former: record.optional('former', record.text) ?? null,
    accounted: record.optional('accounted', record.texts) ?? null,
    lastRefresh: lastRefresh ? refreshIn(lastRefresh) : null,
    previousSecret: (record.optional('previousSecret', record.object) ?? null) as ObjectValue | null,
    isHookPending: record.optional('isHookPending', record.boolean) ?? false,
    hasFailed: record.optional('hasFailed', record.boolean) ?? false,
    isUndelivered: record.optional('isUndelivered', record.boolean) ?? false,
    isUnseen: record.optional('isUnseen', record.boolean) ?? false,
    isLost: record.optional('isLost', record.boolean) ?? false,
    reported: record.optional('reported', record.texts) ?? null,
    decision: decision ? decisionIn(decision) : null,
    follower: record.optional('follower', record.instants) ?? null,
  };
}

function decisionIn(record: StoredRecord): StoredDecision {
  return {
    current: record.choice('current', STORED_DECISIONS),
    retires: record.boolean('retires'),
  };
}

/** Its name in the private data, where earlier versions have left it. */
const USE_NOT_REPORTED = 'isUseUntold';

function storedRefresh({ asOf, previous }: LastRefresh): object {
  const isReported = previous?.lastUse !== NOT_REPORTED;
  return {
    asOf,
    previous: previous && { ...previous, ...(!isReported && { lastUse: null, [USE_NOT_REPORTED]: true }) },
  };
}

function refreshIn(record: StoredRecord): LastRefresh {
  const instant = record.nullable('asOf', record.instant);
  const asOf = instant === null ? null : new Date(instant);
  const previous = record.optional('previous', record.record);
  if (!previous) return { asOf, previous: null };
  const isUseReported = !(previous.optional(USE_NOT_REPORTED, previous.boolean) ?? false);
  const lastUse = previous.optional('lastUse', previous.record);
  return {
    asOf,
    previous: {
      status: previous.text('status'),
      lastUse: isUseReported ? (lastUse ? useIn(lastUse) : null) : NOT_REPORTED,
      isRestored: previous.boolean('isRestored'),
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
