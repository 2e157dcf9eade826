import type { DeliveredPair } from '../../destinations/read-back.js';
import { reasonOf, remedyFor } from '../../lifecycle/lifecycle-error.js';
import { sentences } from '../../lifecycle/message.js';
import type { CallContext, EphemeralResource, ObjectValue } from '../../plugin/index.js';
import { destinationIn } from '../bucket-access-key/secret-argument.js';
import type { Readable } from '../cloud.js';
import type { Session } from '../session.js';

/** Reads the pair that consumers have now. Terraform opens it anew in each plan and in each apply. */
export const openSecret: EphemeralResource<Session>['open'] = async (config, session, context) => {
  const pair = await pairOf(config.secret, session, context);
  return {
    ...config,
    access_key_id: pair?.accessKeyId ?? null,
    // Terraform keeps it out of state and plan, whoever refers to it.
    secret_access_key: pair?.secretAccessKey.reveal() ?? null,
  };
};

async function pairOf(
  secret: ObjectValue[string] | undefined,
  session: Session,
  context: CallContext,
): Promise<DeliveredPair | null> {
  const refuse = (summary: string, detail: string): null => {
    context.diagnostics.error(summary, detail, ['secret']);
    return null;
  };
  const choice = destinationIn(secret);
  if (!choice?.destination.reading.isPossible) {
    return refuse(
      'There is no store from which a pair could be read',
      'A value that secret refers to is null. Nothing was read, and no key is affected. Give one member of secret values that are never null.',
    );
  }
  const store = await session.readable(choice);
  if (session.isIncomplete) {
    return refuse(
      `${store.title} cannot be read yet`,
      'Something in the provider block is only known after apply, and asking without it might ask the wrong account. Nothing was read, and no key is affected. Let secret refer to something that is known no earlier than the provider block: Terraform then reads it during the apply.',
    );
  }
  try {
    const pair = await store.readBack();
    if (pair) session.learn(pair.secretAccessKey);
    return pair ?? refuse(...nothingThere(store));
  } catch (error) {
    return refuse(
      `The pair in ${store.title} cannot be read`,
      sentences(reasonOf(error), 'No key is affected.', remedyFor(error)?.text),
    );
  }
}

function nothingThere({ title, waiting }: Readable): readonly [summary: string, detail: string] {
  return [
    `There is no pair in ${title}`,
    `Either the key with this destination was not applied yet, or its pair is gone. This only reads, and never makes a key: none is affected. Apply the key first. If it is in the same configuration, make this depend on it: ${waiting}`,
  ];
}
