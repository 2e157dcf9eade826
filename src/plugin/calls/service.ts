import { KEPT_OPEN } from '../grpc.js';
import type { Methods, UnaryMethod } from '../grpc.js';
import { attributeType } from '../provider.js';
import type { Attributes, Block, Blocks, CallContext, ObjectValue, Provider, Schema } from '../provider.js';
import * as message from '../wire/calls.js';
import type { Content, Message } from '../wire/message.js';
import { apply, importState, move, plan, read, upgrade } from './managed.js';
import { unary } from './unary.js';
import type { Definition, Handler, Session } from './unary.js';
import { encodeState, refuseNull, requireObject } from './values.js';

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
    GetProviderSchema: answer(message.GetProviderSchema, () => schemaAnswer(provider)),
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
      // After a stop, or in the middle of a call, it is unknown which answers Terraform has taken.
      if (session.lifetime.isInOrder) await session.lifetime.run(() => endProvider(session), givenUp);
      session.lifetime.shutDown();
      return new Uint8Array();
    },
    // Terraform holds these two open and never sends anything on them; without them it gives the connection up.
    '/plugin.GRPCStdio/StreamStdio': KEPT_OPEN,
    '/plugin.GRPCBroker/StartStream': KEPT_OPEN,
  };
}

function metadata<C>(provider: Provider<C>) {
  const names = (types: object) => Object.keys(types).map((typeName) => ({ typeName }));
  return {
    serverCapabilities: capabilities(provider),
    resources: names(provider.resources),
    dataSources: names(provider.dataSources),
    ephemeralResources: names(provider.ephemeralResources),
  };
}

export function schemaAnswer<C>(provider: Provider<C>) {
  const schemas = (types: Readonly<Record<string, { readonly schema: Schema }>>) =>
    Object.fromEntries(Object.entries(types).map(([name, { schema }]) => [name, schemaMessage(schema)]));
  return {
    provider: schemaMessage(provider.schema),
    resourceSchemas: schemas(provider.resources),
    dataSourceSchemas: schemas(provider.dataSources),
    ephemeralResourceSchemas: schemas(provider.ephemeralResources),
    serverCapabilities: capabilities(provider),
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

/** By the numbers of the protocol. */
const MARKDOWN = 1;
const NESTING = { single: 1, list: 2, set: 3, map: 4 } as const;

function capabilities<C>(provider: Provider<C>) {
  return {
    // Core then asks before a destroy too, which costs a call for each resource.
    planDestroy: Object.values(provider.resources).some((resource) => resource.planDestroy !== undefined),
    // Core may reuse the schema that it read from another process of the same provider.
    getProviderSchemaOptional: true,
    moveResourceState: Object.values(provider.resources).some((resource) => resource.move !== undefined),
  };
}

function schemaMessage(schema: Schema) {
  return { version: schema.version, block: blockMessage(schema) };
}

function blockMessage({ description, attributes, blocks = {} }: Block): object {
  return {
    ...described(description),
    attributes: attributeMessages(attributes),
    blockTypes: nestedBlockMessages(blocks),
  };
}

function nestedBlockMessages(blocks: Blocks): object[] {
  return Object.entries(blocks).map(([typeName, { required, ...block }]) => {
    const items = required ? 1 : 0;
    return {
      typeName,
      block: blockMessage(block),
      nesting: NESTING.single,
      minItems: items,
      maxItems: items,
    };
  });
}

function attributeMessages(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([name, attribute]) => {
    const { nested, description, ...rest } = attribute;
    const shape = nested
      ? { nestedType: { attributes: attributeMessages(nested.attributes), nesting: NESTING[nested.nesting] } }
      : { type: Buffer.from(JSON.stringify(attributeType(attribute))) };
    return { ...rest, ...described(description), ...shape, name };
  });
}

function described(description: string | undefined) {
  return description === undefined ? {} : { description, descriptionKind: MARKDOWN };
}
