import { KEPT_OPEN, type Methods, type UnaryMethod } from '../grpc/server.js';
import type { CallContext } from '../provider.js';
import type { Schema } from '../schema.js';
import type { ObjectValue } from '../value.js';
import * as message from '../wire/calls.js';
import type { Content, Message } from '../wire/message.js';
import { importState, move, upgrade } from './adopt.js';
import { apply, plan, read } from './managed.js';
import { refuseNull } from './required.js';
import { metadata, providerSchema } from './schema.js';
import type { Session } from './session.js';
import { type Definition, type Handler, unary } from './unary.js';
import { encodeState, requireObject } from './values.js';

/** Terraform waits for the answer to its Shutdown, so there is a limit to what is put in order first. */
const END_MILLISECONDS = 1500;

/** Every method of the services that Terraform and go-plugin expect, by path. */
export function methods<C>(session: Session<C>): Methods {
  const { provider } = session;
  const answer = <Q extends Message, R extends Message>(
    definition: Definition<Q, R>,
    handle: Handler<Q, R>,
    schemaOf?: (request: Content<Q>) => Schema | undefined,
  ) => unary(session, definition, handle, schemaOf);
  const ofProvider = () => provider.schema;
  const ofResource = schemaIn(provider.resources);
  const ofDataSource = schemaIn(provider.dataSources);
  const ofEphemeral = schemaIn(provider.ephemeralResources);

  const calls = {
    GetMetadata: answer(message.GetMetadata, () => metadata(provider)),
    GetProviderSchema: answer(message.GetProviderSchema, () => providerSchema(provider)),
    ValidateProviderConfig: answer(
      message.ValidateProviderConfig,
      validator(() => provider),
      ofProvider,
    ),
    ValidateResourceConfig: answer(
      message.ValidateResourceConfig,
      validator(({ typeName }) => find(provider.resources, typeName)),
      ofResource,
    ),
    ValidateDataResourceConfig: answer(
      message.ValidateDataResourceConfig,
      validator(({ typeName }) => find(provider.dataSources, typeName)),
      ofDataSource,
    ),
    ValidateEphemeralResourceConfig: answer(
      message.ValidateEphemeralResourceConfig,
      validator(({ typeName }) => find(provider.ephemeralResources, typeName)),
      ofEphemeral,
    ),
    ConfigureProvider: answer(
      message.ConfigureProvider,
      async (request, context) => {
        const config = requireObject(provider.schema, request.config);
        // Some of it was not known yet when it was validated.
        refuseNull(config, provider.schema, context.diagnostics);
        const value = await provider.configure(config, request.terraformVersion, context);
        if (!context.diagnostics.hasErrors) session.configured = { value };
        return {};
      },
      ofProvider,
    ),
    UpgradeResourceState: answer(message.UpgradeResourceState, (request, context) =>
      upgrade(find(provider.resources, request.typeName), request, context),
    ),
    ReadResource: answer(
      message.ReadResource,
      (request, context) =>
        read(find(provider.resources, request.typeName), request, configured(session), context),
      ofResource,
    ),
    PlanResourceChange: answer(
      message.PlanResourceChange,
      (request, context) =>
        plan(find(provider.resources, request.typeName), request, configured(session), context),
      ofResource,
    ),
    ApplyResourceChange: answer(
      message.ApplyResourceChange,
      (request, context) =>
        apply(find(provider.resources, request.typeName), request, configured(session), context),
      ofResource,
    ),
    ImportResourceState: answer(message.ImportResourceState, (request, context) =>
      importState(find(provider.resources, request.typeName), request, configured(session), context),
    ),
    MoveResourceState: answer(message.MoveResourceState, (request, context) =>
      move(find(provider.resources, request.targetTypeName), request, session.configured?.value, context),
    ),
    ReadDataSource: answer(
      message.ReadDataSource,
      async (request, context) => {
        const source = find(provider.dataSources, request.typeName);
        const config = requireObject(source.schema, request.config);
        const state = await source.read(config, configured(session), context);
        return context.diagnostics.hasErrors ? {} : { state: encodeState(source.schema, state) };
      },
      ofDataSource,
    ),
    OpenEphemeralResource: answer(
      message.OpenEphemeralResource,
      async (request, context) => {
        const resource = find(provider.ephemeralResources, request.typeName);
        const config = requireObject(resource.schema, request.config);
        const result = await resource.open(config, configured(session), context);
        return context.diagnostics.hasErrors ? {} : { result: encodeState(resource.schema, result) };
      },
      ofEphemeral,
    ),
    RenewEphemeralResource: answer(message.RenewEphemeralResource, () => ({})),
    CloseEphemeralResource: answer(message.CloseEphemeralResource, () => ({})),
    StopProvider: answer(message.StopProvider, () => {
      session.lifetime.stop();
      return {};
    }),
  };
  return {
    ...Object.fromEntries<UnaryMethod>(
      Object.entries(calls).map(([name, call]) => [`/tfplugin6.Provider/${name}`, call(name)]),
    ),
    '/plugin.GRPCController/Shutdown': async (_, givenUp) => {
      // After a stop, or in the middle of a call, nobody knows which answers Terraform has taken.
      if (session.lifetime.isInOrder) await session.lifetime.run(() => endProvider(session), givenUp);
      session.lifetime.shutDown();
      return new Uint8Array();
    },
    // Terraform holds these two open and never sends anything on them; without them it gives the connection up.
    '/plugin.GRPCStdio/StreamStdio': KEPT_OPEN,
    '/plugin.GRPCBroker/StartStream': KEPT_OPEN,
  };
}

/** What the provider has to put in order must not keep Terraform waiting, and cannot fail anything any more. */
async function endProvider<C>({ provider, log }: Session<C>): Promise<void> {
  const limit = new Promise<void>((resolve) => setTimeout(resolve, END_MILLISECONDS).unref());
  const ended = Promise.resolve(provider.end?.()).catch((error: unknown) => {
    log({}).warn('Ending the provider failed', { error: String(error) });
  });
  await Promise.race([ended, limit]);
}

interface Validated {
  readonly schema: Schema;
  validate?(config: ObjectValue, context: CallContext): Promise<void> | void;
}

function validator<R extends { readonly config: { readonly msgpack?: Uint8Array } | undefined }>(
  choose: (request: R) => Validated,
) {
  return async (request: R, context: CallContext) => {
    const validated = choose(request);
    const config = requireObject(validated.schema, request.config);
    refuseNull(config, validated.schema, context.diagnostics);
    await validated.validate?.(config, context);
    return {};
  };
}

function schemaIn(types: Readonly<Record<string, { readonly schema: Schema }>>) {
  return ({ typeName }: { readonly typeName: string }) =>
    Object.hasOwn(types, typeName) ? types[typeName]?.schema : undefined;
}

function find<T>(types: Readonly<Record<string, T>>, name: string): T {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) throw new Error(`this version of the provider has no ${name}`);
  return type;
}

function configured<C>(session: Session<C>): C {
  if (!session.configured) throw new Error('a call came before the provider was configured');
  return session.configured.value;
}
