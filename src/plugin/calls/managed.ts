import type { Content } from '../wire/message.js';
import type { CallContext, ManagedResource } from '../provider.js';
import type { ObjectValue } from '../value.js';
import type { ApplyResourceChange, PlanResourceChange, ReadResource } from '../wire/calls.js';
import { pathMessage } from './diagnostics.js';
import { reportFailure } from './unary.js';
import { decodeObject, encodeOutcome, encodePlan, encodeState, NULL, requireObject } from './values.js';

export async function read<C>(
  resource: ManagedResource<C>,
  request: Content<typeof ReadResource.request>,
  configured: C,
  context: CallContext,
) {
  const state = requireObject(resource.schema, request.currentState);
  const found = await resource.read({ state, privateData: request.private }, configured, context);
  return {
    newState: encodeState(resource.schema, found.state),
    private: found.privateData ?? request.private,
  };
}

export async function plan<C>(
  resource: ManagedResource<C>,
  request: Content<typeof PlanResourceChange.request>,
  configured: C,
  context: CallContext,
) {
  const { schema } = resource;
  const privateData = request.priorPrivate;
  const prior = decodeObject(schema, request.priorState);
  const proposed = decodeObject(schema, request.proposedNewState);
  if (proposed === null) {
    const result = prior && (await resource.planDestroy?.({ prior, privateData }, configured, context));
    return { plannedState: NULL, plannedPrivate: result?.privateData ?? privateData };
  }
  const config = requireObject(schema, request.config);
  const plannedPrivateData = request.plannedPrivate.length > 0 ? request.plannedPrivate : undefined;
  const result = await resource.plan(
    { config, prior, proposed, privateData, plannedPrivateData },
    configured,
    context,
  );
  return {
    plannedState: encodePlan(schema, result.planned),
    requiresReplace: (result.requiresReplace ?? []).map(pathMessage),
    plannedPrivate: result.privateData ?? privateData,
  };
}

/** Whatever happens, the answer holds the best state there is: what is not in it is lost to the user. */
export async function apply<C>(
  resource: ManagedResource<C>,
  request: Content<typeof ApplyResourceChange.request>,
  configured: C,
  context: CallContext,
) {
  const { schema } = resource;
  const prior = decodeObject(schema, request.priorState);
  const planned = decodeObject(schema, request.plannedState);
  const privateData = request.plannedPrivate;
  const { diagnostics } = context;
  try {
    if (planned === null) {
      const left = prior && (await resource.delete({ prior, privateData }, configured, context));
      const kept = diagnostics.hasErrors ? (left?.state ?? prior) : null;
      return {
        newState: encodeOutcome(schema, kept, diagnostics),
        private: left?.privateData ?? privateData,
      };
    }
    const config = requireObject(schema, request.config);
    const result = prior
      ? await resource.update({ config, prior, planned, privateData }, configured, context)
      : await resource.create({ config, planned, privateData }, configured, context);
    return {
      newState: encodeOutcome(schema, result.state, diagnostics),
      private: result.privateData ?? privateData,
    };
  } catch (error) {
    reportFailure(error, context.signal, diagnostics, context.log);
    return { newState: encodeOutcome(schema, prior, diagnostics), private: privateData };
  }
}

/** Where a state has to come out, but a faulty resource may give none. */
export function requireState(state: ObjectValue | null | undefined): ObjectValue {
  if (!state) throw new TypeError('the resource answered without a state');
  return state;
}
