import type { Diagnostic, ObjectValue } from '../../../../src/plugin/index.js';
import { contradictions, invalidPlan } from './core-checks.js';
import type { Answer, ProviderProcess } from './provider-process.js';
import { isSame, isWhollyKnown, unknownAsNull } from './values.js';

/** A resource instance in Terraform's state. */
export interface Stored {
  readonly value: ObjectValue;
  readonly privateData: Uint8Array;
  readonly tainted: boolean;
}

export type Action = 'no change' | 'create' | 'update' | 'delete' | 'replace' | 'create before destroy';

interface Change {
  readonly action: Action;
  readonly planned: ObjectValue | null;
  readonly privateData: Uint8Array;
}

/** What `terraform plan` has found. */
export interface Planned {
  readonly config: ObjectValue | null;
  readonly options: PlanOptions;
  readonly refreshed: Stored | null;
  /** Null: the plan has failed. */
  readonly change: Change | null;
  readonly refreshSaid: readonly Diagnostic[];
  readonly said: readonly Diagnostic[];
  /** What core calls a bug in the provider. */
  readonly bugs: readonly string[];
}

export interface Applied {
  /** The plan that is made again before a create or an update; null where none was. */
  readonly again: Pick<Planned, 'change' | 'said'> | null;
  readonly said: readonly Diagnostic[];
  readonly bugs: readonly string[];
  readonly failed: boolean;
}

export interface PlanOptions {
  readonly refresh?: boolean;
  readonly createBeforeDestroy?: boolean;
  /** `-replace`. */
  readonly replaces?: boolean;
}

const NOTHING = new Uint8Array();

/**
 * Terraform core with one resource instance, as internal/terraform/node_resource_abstract_instance.go has it: a plan
 * and an apply are processes of their own, and between them go the state, the plan's values and private bytes alone.
 */
export class Core {
  state: Stored | null = null;

  constructor(private readonly start: () => ProviderProcess) {}

  async import(id: string): Promise<readonly Diagnostic[]> {
    const provider = this.start();
    const { result, said } = await provider.import(id);
    if (result && !hasErrors(said)) {
      this.state = { value: result.state, privateData: result.privateData ?? NOTHING, tainted: false };
    }
    await provider.end();
    return said;
  }

  /** `config` null: the resource is no longer wanted. */
  async plan(config: ObjectValue | null, options: PlanOptions = {}): Promise<Planned> {
    const provider = this.start();
    const bugs: string[] = [];
    const base = { config, options, bugs };
    try {
      const invalid = config ? await provider.validate(config) : null;
      if (invalid && hasErrors(invalid.said)) {
        return { ...base, refreshed: this.state, change: null, refreshSaid: [], said: invalid.said };
      }
      const looked = await this.#refresh(provider, options, bugs);
      const { refreshed } = looked;
      const refreshSaid = looked.said;
      if (hasErrors(refreshSaid)) return { ...base, refreshed, change: null, refreshSaid, said: [] };
      const { change, said } = config
        ? await planOnce(provider, config, refreshed, options, bugs)
        : { change: removal(refreshed), said: [] };
      return { ...base, refreshed, change, refreshSaid, said };
    } finally {
      await provider.end();
    }
  }

  /** `config`: with all that is known by now. */
  async apply(plan: Planned, config = plan.config): Promise<Applied> {
    const { change, refreshed } = plan;
    if (!change) throw new Error('There is no plan to apply.');
    this.state = refreshed;
    if (change.action === 'no change') return { again: null, said: [], bugs: [], failed: false };
    const provider = this.start();
    const bugs: string[] = [];
    const said: Diagnostic[] = [];
    let again: Applied['again'] = null;
    if (change.action === 'delete' || change.action === 'replace') {
      // For a replacement, too, these are the plan's bytes, not the state's.
      this.state = await destroyed(provider, refreshed, change.privateData, { said, bugs });
    }
    const mayGoOn = change.action !== 'delete' && (change.action !== 'replace' || this.state === null);
    if (config && mayGoOn) {
      const deposed = change.action === 'create before destroy' ? this.state : null;
      if (deposed) this.state = null;
      again = await this.#make(provider, plan, config, { said, bugs });
      if (deposed) {
        if (hasErrors(said)) this.state ??= deposed;
        else await destroyed(provider, deposed, deposed.privateData, { said, bugs });
      }
    }
    await provider.end();
    return { again, said, bugs, failed: hasErrors(said) || bugs.length > 0 };
  }

  async #refresh(
    provider: ProviderProcess,
    { refresh = true }: PlanOptions,
    bugs: string[],
  ): Promise<{ refreshed: Stored | null; said: readonly Diagnostic[] }> {
    const { state } = this;
    if (!state || !refresh) return { refreshed: state, said: [] };
    const answer = await provider.read({ state: state.value, privateData: state.privateData });
    noteThrow('read', answer, bugs);
    const { result, said } = answer;
    if (!result) return { refreshed: state, said };
    if (result.state && !isWhollyKnown(result.state)) bugs.push('the refreshed state is not wholly known');
    const privateData = result.privateData ?? state.privateData;
    return { refreshed: result.state && { ...state, value: result.state, privateData }, said };
  }

  /** Creates or updates, after planning once more. */
  async #make(
    provider: ProviderProcess,
    first: Planned,
    config: ObjectValue,
    { said, bugs }: Report,
  ): Promise<Applied['again']> {
    const before = this.state;
    const invalid = await provider.validate(config);
    const again = hasErrors(invalid.said)
      ? { change: null, said: invalid.said }
      : await planOnce(provider, config, before, { ...first.options, replaces: false }, bugs);
    const { change } = again;
    if (!change?.planned) {
      said.push(...again.said.filter(({ severity }) => severity === 'error'));
      return again;
    }
    bugs.push(
      ...contradictions('the second plan contradicts the first', first.change?.planned ?? {}, change.planned),
    );
    const wanted = first.change?.action === 'update' ? ['update', 'no change'] : ['create'];
    if (!wanted.includes(change.action)) bugs.push(`the second plan is to ${change.action}`);
    if (bugs.length > 0 || change.action === 'no change') return again;
    const { planned, privateData } = change;
    const answer = before
      ? await provider.update({ config, prior: before.value, planned, privateData })
      : await provider.create({ config, planned, privateData });
    noteThrow('apply', answer, bugs);
    said.push(...answer.said);
    if (!answer.result) return again;
    const value = answer.result.state;
    if (!value) {
      if (!hasErrors(answer.said)) bugs.push('the apply answered without a state');
      this.state = null;
      return again;
    }
    if (!hasErrors(answer.said))
      bugs.push(...contradictions('the apply contradicts its plan', planned, value));
    if (!isWhollyKnown(value)) bugs.push('the applied state is not wholly known');
    this.state = {
      value: unknownAsNull(value),
      privateData: answer.result.privateData ?? privateData,
      tainted: before ? before.tainted : hasErrors(answer.said),
    };
    return again;
  }
}

interface Report {
  readonly said: Diagnostic[];
  readonly bugs: string[];
}

async function destroyed(
  provider: ProviderProcess,
  stored: Stored | null,
  privateData: Uint8Array,
  { said, bugs }: Report,
): Promise<Stored | null> {
  if (!stored) return null;
  const answer = await provider.delete({ prior: stored.value, privateData });
  noteThrow('delete', answer, bugs);
  said.push(...answer.said);
  const keeps = hasErrors(answer.said) || answer.threw !== null;
  return keeps ? { ...stored, value: answer.result?.state ?? stored.value, privateData } : null;
}

async function planOnce(
  provider: ProviderProcess,
  config: ObjectValue,
  stored: Stored | null,
  { createBeforeDestroy = false, replaces = false }: PlanOptions,
  bugs: string[],
): Promise<{ change: Change | null; said: readonly Diagnostic[] }> {
  const { schema } = provider;
  const prior = stored && !stored.tainted ? stored.value : null;
  const ask = (before: ObjectValue | null, privateData: Uint8Array) =>
    provider.plan({ config, prior: before, proposed: proposedNew(provider, before, config), privateData });
  const given = prior && stored ? stored.privateData : NOTHING;
  let answer = await ask(prior, given);
  noteThrow('plan', answer, bugs);
  const { said } = answer;
  if (!answer.result || hasErrors(said)) return { change: null, said };
  bugs.push(...invalidPlan(schema, config, answer.result.planned));
  const replacing = createBeforeDestroy ? ('create before destroy' as const) : ('replace' as const);
  let privateData = answer.result.privateData ?? given;
  let action: Action = 'update';
  if (!prior) action = stored ? replacing : 'create';
  else if (replaces || (answer.result.requiresReplace ?? []).length > 0) action = replacing;
  else if (isSame(answer.result.planned, prior)) action = 'no change';
  if (prior && action === replacing) {
    // Planned anew from nothing, with the bytes of the plan before; its warnings are not shown.
    answer = await ask(null, privateData);
    noteThrow('plan', answer, bugs);
    if (!answer.result || hasErrors(answer.said)) return { change: null, said: [...said, ...answer.said] };
    privateData = answer.result.privateData ?? privateData;
  }
  return { change: { action, planned: answer.result.planned, privateData }, said };
}

/** The configuration, and what is computed as it was. */
function proposedNew(
  { schema }: ProviderProcess,
  prior: ObjectValue | null,
  config: ObjectValue,
): ObjectValue {
  const kept = Object.entries(schema.attributes)
    .filter(([name, { computed }]) => computed && config[name] === null)
    .map(([name]) => [name, prior?.[name] ?? null] as const);
  return { ...config, ...Object.fromEntries(kept) };
}

function removal(refreshed: Stored | null): Change {
  return {
    action: refreshed ? 'delete' : 'no change',
    planned: null,
    privateData: refreshed?.privateData ?? NOTHING,
  };
}

function noteThrow(call: string, { threw }: Answer<unknown>, bugs: string[]): void {
  if (threw !== null) bugs.push(`${call} threw ${threw}`);
}

export function hasErrors(said: readonly Diagnostic[]): boolean {
  return said.some(({ severity }) => severity === 'error');
}
