import { NOWHERE } from '../../destinations/nowhere.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import type { Hooks, KeyContext } from '../../lifecycle/ports.js';
import type { CallContext, ObjectValue, Value } from '../../plugin/index.js';
import type { Phase } from '../listings.js';
import { nullAtApply } from '../messages.js';
import type { Session } from '../session.js';
import { text } from '../values.js';
import type { Memory, Origin } from './memory.js';
import { currentOf, destinationIdentity, destinationIn } from './secret-argument.js';
import type { Recorded } from './state.js';

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
  const choice = memory.isUndelivered ? null : destinationIn(attributes.secret, currentOf(attributes));
  return session.keyContext(text(attributes.bucket_name) ?? '', choice ?? NOWHERE, context, {
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
  const choice = destinationIn(planned.secret, currentOf(planned));
  if (bucket && choice && choice !== NOWHERE) {
    return session.keyContext(bucket, choice, context, { ...around, isToIssue: true });
  }
  throw new LifecycleError(nullAtApply(bucket), { subject: bucket ? 'destination' : 'bucket' });
}
