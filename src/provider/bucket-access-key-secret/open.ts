import type { DeliveredPair, PairReader } from '../../destinations/pair-reader.js';
import { isReadable } from '../../destinations/reader-for.js';
import { reasonOf, remedyFor } from '../../lifecycle/lifecycle-error.js';
import { sentences } from '../../lifecycle/message.js';
import type { CallContext, EphemeralResource } from '../../plugin/index.js';
import { routeOf } from '../bucket-access-key/route.js';
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
  secret: Parameters<typeof routeOf>[0],
  session: Session,
  context: CallContext,
): Promise<DeliveredPair | null> {
  const refuse = (summary: string, detail: string): null => {
    context.diagnostics.error(summary, detail, ['secret']);
    return null;
  };
  const choice = routeOf(secret);
  if (!choice || !isReadable(choice)) {
    return refuse(
      'There is no store from which a pair could be read',
      'What secret refers to has turned out to be null. Nothing was read, and no key is affected. Give one member of secret values that are never null.',
    );
  }
  const reader = await session.readerOf(choice);
  if (session.isIncomplete) {
    return refuse(
      `${reader.title} cannot be read yet`,
      'Something in the provider block is only known after apply, and asking without it might ask the wrong account. Nothing was read, and no key is affected. Let secret refer to something that is known no earlier than the provider block: Terraform then reads it during the apply.',
    );
  }
  try {
    const pair = await reader.read();
    if (pair) session.learn(pair.secretAccessKey);
    return pair ?? refuse(...nothingThere(reader));
  } catch (error) {
    return refuse(
      `The pair in ${reader.title} cannot be read`,
      sentences(reasonOf(error), 'No key is affected.', remedyFor(error)?.text),
    );
  }
}

function nothingThere({ title, waiting }: PairReader): readonly [summary: string, detail: string] {
  return [
    `There is no pair in ${title}`,
    `Either the key that goes there was not applied yet, or its pair is gone. This only reads, and never makes a key: none is affected. Apply the key first; where it is in the same configuration, let this wait for it: ${waiting}`,
  ];
}
