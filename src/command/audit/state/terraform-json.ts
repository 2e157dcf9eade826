/** One managed resource (or one object of it) in a state, with its values in clear: keep it no longer than needed. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: JsonRecord;
}

/** What is not the state of a Terraform, in words that quote nothing of it: it may hold secrets. */
export class NoState extends Error {}

/**
 * The managed resources of `terraform show -json` (of a state, or the prior state of a plan), or of a state file of
 * version 4 as it lies in a backend.
 */
export function stateResources(document: unknown): readonly StateResource[] {
  if (!isRecord(document)) throw new NoState('it is not a JSON object');
  if ('encrypted_data' in document)
    throw new NoState('it is encrypted: give it as terraform show -json prints it');
  if ('format_version' in document) return shown(document);
  if ('version' in document && ('resources' in document || 'lineage' in document)) return stored(document);
  throw new NoState('it is neither what terraform show -json prints nor a state file');
}

function shown(document: JsonRecord): readonly StateResource[] {
  const isPlan = 'planned_values' in document || 'resource_changes' in document;
  const state = isPlan ? document.prior_state : document;
  const values = isRecord(state) ? state.values : undefined;
  const root = isRecord(values) ? values.root_module : undefined;
  return isRecord(root) ? [...shownIn(root)] : [];
}

function* shownIn(module: JsonRecord): Generator<StateResource> {
  for (const resource of records(module.resources)) {
    const { mode, address, type, values, deposed_key: deposed } = resource;
    if (mode !== 'managed' || !isRecord(values)) continue;
    yield { address: withDeposed(text(address) ?? '', deposed), type: text(type) ?? '', values };
  }
  for (const child of records(module.child_modules)) yield* shownIn(child);
}

function stored(document: JsonRecord): readonly StateResource[] {
  if (document.version !== 4) {
    throw new NoState(
      `it is a state file of another version than 4: give it as terraform show -json prints it, which reads every version`,
    );
  }
  return records(document.resources).flatMap((resource) => {
    if (resource.mode !== 'managed') return [];
    const module = text(resource.module);
    const type = text(resource.type) ?? '';
    const address = `${module === null ? '' : `${module}.`}${type}.${text(resource.name) ?? ''}`;
    return records(resource.instances).flatMap((instance): StateResource[] => {
      const values = instance.attributes ?? instance.attributes_flat;
      if (!isRecord(values)) return [];
      return [{ address: withDeposed(address + index(instance.index_key), instance.deposed), type, values }];
    });
  });
}

/** `[0]` or `["name"]`, as Terraform writes it. */
function index(key: unknown): string {
  return typeof key === 'number' || typeof key === 'string' ? `[${JSON.stringify(key)}]` : '';
}

/** What a replacement has left behind for Terraform to delete at the next apply. */
function withDeposed(address: string, deposed: unknown): string {
  return typeof deposed === 'string' && deposed !== '' ? `${address} (deposed ${deposed})` : address;
}

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing of what is no list. */
function records(value: unknown): readonly JsonRecord[] {
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
