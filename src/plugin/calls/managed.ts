import { decodeJson, parseJson } from '../codec/text.js';
import { MalformedError, ValueError } from '../codec/value-error.js';
import { objectType } from '../provider.js';
import type { CallContext, ManagedResource, ObjectValue } from '../provider.js';
import type {
  ApplyResourceChange,
  ImportResourceState,
  MoveResourceState,
  PlanResourceChange,
  ReadResource,
  UpgradeResourceState,
} from '../wire/calls.js';
import type { Content } from '../wire/message.js';
import { pathMessage, reportFailure } from './unary.js';
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
function requireState(state: ObjectValue | null | undefined): ObjectValue {
  if (!state) throw new TypeError('the resource answered without a state');
  return state;
}

/** Terraform hands over every stored state at every run, whatever its version. */
export async function upgrade<C>(
  resource: ManagedResource<C>,
  request: Content<typeof UpgradeResourceState.request>,
  context: CallContext,
) {
  const { schema } = resource;
  const stored = Buffer.from(request.rawState?.json ?? []).toString('utf8');
  const state = await present(resource, stored, request.version, context);
  return state ? { upgradedState: encodeState(schema, state) } : {};
}

async function present<C>(
  resource: ManagedResource<C>,
  stored: string,
  version: number,
  context: CallContext,
): Promise<ObjectValue | undefined> {
  const { diagnostics } = context;
  const current = resource.schema.version;
  try {
    if (version === current) {
      return decodeJson(stored, objectType(resource.schema)) as ObjectValue;
    }
    if (version < current && resource.upgrade) {
      return await resource.upgrade(parseJson(stored), version, context);
    }
  } catch (error) {
    if (!(error instanceof ValueError || error instanceof MalformedError)) throw error;
    diagnostics.error('The stored state cannot be read', `Terraform's state is damaged: ${error.message}.`);
    return undefined;
  }
  diagnostics.error(
    `The stored state has version ${version}, and this provider reads version ${current}`,
    version > current
      ? 'A later version of the provider wrote it. Use that version, or a newer one.'
      : 'The provider that wrote it is too old for its states to be read by this one.',
  );
  return undefined;
}

export async function importState<C>(
  resource: ManagedResource<C>,
  request: Content<typeof ImportResourceState.request>,
  configured: C,
  context: CallContext,
) {
  const { typeName, id } = request;
  if (!resource.import) {
    context.diagnostics.error(`${typeName} cannot be imported`, 'The provider does not support it.');
    return {};
  }
  const imported = await resource.import(id, configured, context);
  if (context.diagnostics.hasErrors) return {};
  const state = encodeState(resource.schema, requireState(imported.state));
  return {
    importedResources: [{ typeName, state, ...(imported.privateData && { private: imported.privateData }) }],
  };
}

export async function move<C>(
  resource: ManagedResource<C>,
  request: Content<typeof MoveResourceState.request>,
  configured: C | undefined,
  context: CallContext,
) {
  const { sourceProviderAddress: sourceProvider, sourceTypeName: sourceType } = request;
  const sourceState = parseJson(Buffer.from(request.sourceState?.json ?? []).toString('utf8'));
  const moved = await resource.move?.({ sourceProvider, sourceType, sourceState }, configured, context);
  if (context.diagnostics.hasErrors) return {};
  if (!moved) {
    context.diagnostics.error(
      `${request.targetTypeName} cannot take over a ${sourceType}`,
      `The provider does not understand the state of ${sourceType} of ${sourceProvider}. ` +
        'Remove the moved block, and import the object instead.',
    );
    return {};
  }
  return {
    targetState: encodeState(resource.schema, requireState(moved.state)),
    ...(moved.privateData && { targetPrivate: moved.privateData }),
  };
}
