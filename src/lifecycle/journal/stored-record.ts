import { PACKAGE_NAME, PACKAGE_VERSION } from '../../contract/names.js';
import { ErrorWithRemedy } from '../lifecycle-error.js';

/** Of all records that this package writes for later runs: a change that an older reader would misread raises it. */
const RECORD_VERSION = 1;

/** What an earlier run wrote down for later ones cannot be read: it is damaged, or another version wrote it. */
export class UnreadableRecord extends ErrorWithRemedy {}

/** It may be another writer's work: what it says is not believed, and what it does not say neither. */
export class UntrustedRecord extends UnreadableRecord {}

/** A record for storage: who wrote it, and in which form. */
export function toStored<Content extends object>(content: Content): Content & StoredHead {
  return { version: RECORD_VERSION, package: PACKAGE_VERSION, ...content };
}

interface StoredHead {
  readonly version: number;
  readonly package: string;
}

/**
 * Reads one record field by field; each is there in its type, or the whole record is damaged: half of what a run
 * remembered would let a later one forget a key.
 */
export class StoredRecord {
  private constructor(
    private readonly content: Readonly<Record<string, unknown>>,
    private readonly about: RecordTitle,
  ) {}

  /** Throws {@link UnreadableRecord} unless it is a record of the form that this version writes. */
  static open(stored: unknown, about: RecordTitle): StoredRecord {
    if (!isRecord(stored)) throw damagedRecord(about, 'it is not an object');
    if (typeof stored.version === 'number' && stored.version !== RECORD_VERSION)
      throw ofOtherVersion(stored, about);
    if (stored.version !== RECORD_VERSION) throw damagedRecord(about, 'it has no version');
    return new StoredRecord(stored, about);
  }

  /** The same from its JSON text, which no message quotes. */
  static parse(text: string, about: RecordTitle): StoredRecord {
    return StoredRecord.open(parseStored(text, about), about);
  }

  readonly text = (field: string): string =>
    this.#read(field, 'a text', (value) => (typeof value === 'string' ? value : undefined));

  readonly number = (field: string): number =>
    this.#read(field, 'a number', (value) => (typeof value === 'number' ? value : undefined));

  readonly boolean = (field: string): boolean =>
    this.#read(field, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));

  /** An instant in ISO 8601, as it is written. */
  readonly instant = (field: string): string =>
    this.#read(field, 'an instant', (value) => (isInstant(value) ? value : undefined));

  readonly texts = (field: string): readonly string[] =>
    this.#read(field, 'a list of texts', (value) =>
      Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined,
    );

  /** Instants in ISO 8601 by some name. */
  readonly instants = (field: string): Readonly<Record<string, string>> =>
    this.#read(field, 'instants by name', (value) =>
      isRecord(value) && areInstants(value) ? value : undefined,
    );

  /** A record in this one: it has no version of its own. */
  readonly record = (field: string): StoredRecord => new StoredRecord(this.object(field), this.about);

  /** An object of a form that is not this package's to judge. */
  readonly object = (field: string): Readonly<Record<string, unknown>> =>
    this.#read(field, 'an object', (value) => (isRecord(value) ? value : undefined));

  choice<const Choice extends string>(field: string, choices: readonly Choice[]): Choice {
    return this.#read(field, `one of ${choices.join(', ')}`, (value) =>
      choices.find((choice) => choice === value),
    );
  }

  /** Undefined where the field is missing or null. */
  optional<Value>(field: string, read: (field: string) => Value): Value | undefined {
    return (this.content[field] ?? null) === null ? undefined : read(field);
  }

  /** Null where the field says so; it may not be missing. */
  nullable<Value>(field: string, read: (field: string) => Value): Value | null {
    return this.content[field] === null ? null : read(field);
  }

  #read<Value>(field: string, expected: string, accept: (value: unknown) => Value | undefined): Value {
    const value = accept(this.content[field]);
    if (value === undefined) throw damagedRecord(this.about, `${field} is not ${expected}`);
    return value;
  }
}

export interface RecordTitle {
  /** For messages: what and where. */
  readonly title: string;
  /** What to do where it is damaged. */
  readonly remedy: string;
  readonly commands?: readonly string[];
}

/** JSON that holds a record, or wraps one. The parser's own message would quote what is there. */
export function parseStored(text: string, about: RecordTitle): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damagedRecord(about, 'it is not JSON');
  }
}

export function damagedRecord({ title, remedy, commands }: RecordTitle, why: string): UnreadableRecord {
  return new UnreadableRecord(`${title} is damaged: ${why}.`, remedy, commands);
}

function ofOtherVersion(stored: Readonly<Record<string, unknown>>, { title }: RecordTitle): UnreadableRecord {
  const writer = typeof stored.package === 'string' ? stored.package : 'another version';
  return new UnreadableRecord(
    `${title} was written by ${PACKAGE_NAME} ${writer}, in a form that ${PACKAGE_VERSION} does not know.`,
    `Use ${PACKAGE_NAME} ${writer} or a later version, at least once.`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function areInstants(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, string>> {
  return Object.values(value).every(isInstant);
}
