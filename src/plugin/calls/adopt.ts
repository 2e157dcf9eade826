import { decodeJson, parseJson } from '../codec/json.js';
import { objectType } from '../codec/type.js';
import { MalformedError, ValueError } from '../codec/value-error.js';
import type { CallContext, ManagedResource } from '../provider.js';
import type { ObjectValue } from '../value.js';
import type { ImportResourceState, MoveResourceState, UpgradeResourceState } from '../wire/calls.js';
import type { Content } from '../wire/message.js';
import { requireState } from './managed.js';
import { encodeState } from './values.js';

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
