import type { Holder, Intent, JournalEntry, Mark, LateWindow } from './entry.js';
import { StoredRecord, toStored } from './stored-record.js';
import type { RecordTitle } from './stored-record.js';

/** A journal's entry as every destination stores it; null for an emptied journal. */
export type StoredEntry = ReturnType<typeof toStored<JournalEntry>> | null;

export function toStoredEntry(entry: JournalEntry | null): StoredEntry {
  return entry && toStored(entry);
}

/** The entry that was stored; null for an emptied journal. Throws UnreadableRecord for anything else. */
export function entryIn(stored: unknown, about: RecordTitle): JournalEntry | null {
  if (stored === null) return null;
  const record = StoredRecord.open(stored, about);
  return record.choice('phase', ['intent', 'unconfirmed', 'confirmed']) === 'intent'
    ? intentIn(record)
    : markIn(record);
}

/** The same where a destination has put it beside what only it needs. */
export function wrappedEntryIn(stored: unknown, about: RecordTitle): JournalEntry | null {
  const isWrapped = typeof stored === 'object' && stored !== null && 'entry' in stored;
  return entryIn(isWrapped ? stored.entry : undefined, about);
}

function intentIn(record: StoredRecord): Intent {
  return {
    phase: 'intent',
    nonce: record.text('nonce'),
    bucket: record.text('bucket'),
    baseline: record.nullable('baseline', record.texts),
    holder: holderIn(record.record('holder')),
    begunAt: record.instant('begunAt'),
    expiresAt: record.instant('expiresAt'),
    ...given('form', record.optional('form', record.text)),
    ...given('made', record.optional('made', record.text)),
    ...given('digest', record.optional('digest', record.text)),
    ...given('unlistedSince', record.optional('unlistedSince', record.instant)),
    ...(record.optional('withdrawn', record.boolean) && { withdrawn: true }),
    ...(record.optional('released', record.boolean) && { released: true }),
    ...(record.optional('answered', record.boolean) && { answered: true }),
    ...given(
      'lateWindow',
      record.optional('lateWindow', (field) => lateWindowIn(record.record(field))),
    ),
    ...given(
      'before',
      record.optional('before', (field) => markIn(record.record(field))),
    ),
    ...given('replaces', record.optional('replaces', record.text)),
  };
}

function markIn(record: StoredRecord): Mark {
  return {
    phase: record.choice('phase', ['unconfirmed', 'confirmed']),
    bucket: record.text('bucket'),
    accessKeyId: record.text('accessKeyId'),
    holder: holderIn(record.record('holder')),
    at: record.instant('at'),
    expiresAt: record.instant('expiresAt'),
    ...given('unlistedSince', record.optional('unlistedSince', record.instant)),
    ...given('form', record.optional('form', record.text)),
    ...given('digest', record.optional('digest', record.text)),
    ...given('replaceableUntil', record.optional('replaceableUntil', record.instant)),
    ...given(
      'replacement',
      record.optional('replacement', () => record.choice('replacement', ['planned', 'refused'])),
    ),
    ...given(
      'lateWindow',
      record.optional('lateWindow', (field) => lateWindowIn(record.record(field))),
    ),
    ...given('replaces', record.optional('replaces', record.text)),
  };
}

function holderIn(record: StoredRecord): Holder {
  return {
    machine: record.optional('machine', record.text) ?? null,
    pid: record.number('pid'),
    started: record.text('started'),
    host: record.text('host'),
    folder: record.optional('folder', record.text) ?? null,
    workspace: record.text('workspace'),
  };
}

function lateWindowIn(record: StoredRecord): LateWindow {
  return {
    baseline: record.nullable('baseline', record.texts),
    since: record.instant('since'),
    until: record.instant('until'),
    ...given('ours', record.optional('ours', record.texts)),
    ...(record.optional('answered', record.boolean) && { answered: true }),
  };
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;
}
