import type { PolicyDocument, Statement } from '../../../src/command/policy/document.js';
import { conditionKeysOf, iamAction } from './action-data.js';

/** One right that a call needs. */
export interface Ask {
  /** `service:Action`. */
  readonly action: string;
  /** An ARN; what IAM knows no resource for is asked for `*` whatever stands here. */
  readonly resource: string;
  /** The values of condition keys, as the call carries them. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** IAM's judgement, as far as policies use it that only allow: whatever is not allowed is denied. */
export function allows(document: PolicyDocument, ask: Ask): boolean {
  const action = iamAction(ask.action);
  if (!action) throw new Error(`AWS's service authorization data has no action ${ask.action}.`);
  const resource = action.resourceTypes.length === 0 ? '*' : ask.resource;
  return document.Statement.some(
    (statement) =>
      statement.Action.includes(ask.action) &&
      statement.Resource.some((pattern) => matches(pattern, resource)) &&
      holds(statement.Condition, ask),
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}

function holds(condition: Statement['Condition'], { action, context = {} }: Ask): boolean {
  const known = conditionKeysOf(action);
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, allowed]) => {
      // A key that the action does not carry is never there.
      const values = known.includes(key) ? (context[key] ?? []) : [];
      return compare(operator, values, allowed);
    }),
  );
}

function compare(operator: string, values: readonly string[], allowed: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
      return values.length === 1 && values.every((value) => allowed.includes(value));
    case 'ForAnyValue:StringEquals':
      return values.some((value) => allowed.includes(value));
    default:
      throw new Error(`The stand-in for IAM does not know the operator ${operator}.`);
  }
}
