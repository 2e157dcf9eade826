export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing of what is no list. */
export function records(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The string, or null when it is none or empty. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A point in time; null when it is none. */
export function time(value: unknown): Date | null {
  const date = new Date(text(value) ?? NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
