import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { Hooks, KeyContext } from '../../lifecycle/ports.js';
import type { CallContext, ObjectValue, Value } from '../../plugin/index.js';
import { nullAtApply } from '../messages.js';
import type { Phase } from '../listings.js';
import type { Session } from '../session.js';
import { text } from '../values.js';
import { destinationIdentity } from './destination-identity.js';
import type { Memory, Origin } from './memory.js';
import type { Recorded } from './recorded.js';
import { currentOf, routeOf } from './route.js';

/** The place of the previous key's pair, with what lies there by the state. */
export function previousIn({ attributes, memory: { previousSecret }, previous }: Recorded): ObjectValue {
  const { secret } = attributes;
  const placeOf = (one: Value | undefined) => destinationIdentity(one, text(attributes.secret_reference));
  const isElsewhere = previousSecret !== null && placeOf(previousSecret) !== placeOf(secret);
  return {
    ...attributes,
    // At the same place it is treated as its author wants it by now, and the current key's pair lies there.
    secret: isElsewhere ? previousSecret : (secret ?? previousSecret),
    ...(isElsewhere && { access_key_id: previous, secret_reference: null }),
  };
}

export async function keyContextOf(
  attributes: ObjectValue,
  session: Session,
  context: CallContext,
  memory: Memory,
  around: { readonly hooks: Hooks; readonly phase?: Phase },
): Promise<KeyContext> {
  const route = memory.isUndelivered ? null : routeOf(attributes.secret, currentOf(attributes));
  return session.keyContext(text(attributes.bucket_name) ?? '', route ?? { kind: 'none' }, context, {
    madeIn: memory,
    ...around,
  });
}

/** Only with a destination: a key whose secret has nowhere to go is never made. */
export async function keyContextToIssue(
  planned: ObjectValue,
  session: Session,
  context: CallContext,
  around: { readonly madeIn: Origin | null; readonly hooks: Hooks },
): Promise<KeyContext> {
  const bucket = text(planned.bucket_name);
  const route = routeOf(planned.secret, currentOf(planned));
  if (bucket && route && route.kind !== 'none') {
    return session.keyContext(bucket, route, context, around);
  }
  throw new LifecycleError(nullAtApply(bucket), { subject: bucket ? 'destination' : 'bucket' });
}
