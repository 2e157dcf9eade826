import type { Diagnostic, ObjectValue } from '../../../src/plugin/index.js';
import { invalidPlan } from './checks.js';
import { hasErrors } from './provider.js';
import type { Answer, Provider } from './provider.js';
import { isSame } from './values.js';

/** A resource instance in Terraform's state. */
export interface Stored {
  readonly value: ObjectValue;
  readonly privateData: Uint8Array;
  readonly tainted: boolean;
}

export type Action = 'no change' | 'create' | 'update' | 'delete' | 'replace' | 'create before destroy';

export interface Change {
  readonly action: Action;
  readonly planned: ObjectValue | null;
  readonly privateData: Uint8Array;
}

export interface PlanOptions {
  readonly refresh?: boolean;
  readonly createBeforeDestroy?: boolean;
  /** `-replace`. */
  readonly replaces?: boolean;
  /** As Terraform 1.16 does: the second plan is shown the private data that the first one has answered. */
  readonly handsOn?: boolean;
  /** `terraform destroy`: the configuration still has the resource. */
  readonly destroys?: boolean;
  /** What has a new name in the configuration is planned and made before the object under the old name goes. */
  readonly newNameFirst?: boolean;
}

export const NOTHING = new Uint8Array();

/** One plan of a resource that the configuration has. `change` null: it has failed. `first`: the plan before it. */
export async function planOnce(
  provider: Provider,
  config: ObjectValue,
  stored: Stored | null,
  { createBeforeDestroy = false, replaces = false }: PlanOptions,
  bugs: string[],
  first: Change | null = null,
): Promise<{ change: Change | null; said: readonly Diagnostic[] }> {
  const { schema } = provider;
  const prior = stored && !stored.tainted ? stored.value : null;
  const ask = (before: ObjectValue | null, privateData: Uint8Array) =>
    provider.plan({
      config,
      prior: before,
      proposed: proposedNew(provider, before, config),
      privateData,
      plannedPrivateData: first?.privateData,
    });
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

/** One plan of a resource that is to go. */
export async function planRemoval(
  provider: Provider,
  stored: Stored | null,
  bugs: string[],
): Promise<{ change: Change | null; said: readonly Diagnostic[] }> {
  if (!stored) return { change: { action: 'no change', planned: null, privateData: NOTHING }, said: [] };
  const { value: prior, privateData } = stored;
  const answer = await provider.planDestroy({ prior, privateData });
  noteThrow('plan', answer, bugs);
  const handedOn = answer.result?.privateData ?? privateData;
  const change = { action: 'delete' as const, planned: null, privateData: handedOn };
  return { change: hasErrors(answer.said) ? null : change, said: answer.said };
}

/** The configuration, and what is computed as it was. */
function proposedNew({ schema }: Provider, prior: ObjectValue | null, config: ObjectValue): ObjectValue {
  const kept = Object.entries(schema.attributes)
    .filter(([name, { computed }]) => computed && config[name] === null)
    .map(([name]) => [name, prior?.[name] ?? null] as const);
  return { ...config, ...Object.fromEntries(kept) };
}

export function noteThrow(call: string, { threw }: Answer<unknown>, bugs: string[]): void {
  if (threw !== null) bugs.push(`${call} threw ${threw}`);
}
