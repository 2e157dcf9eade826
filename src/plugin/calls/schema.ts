import type { Provider } from '../provider.js';
import type { Attributes, Block, Blocks, Schema } from '../schema.js';
import { attributeType } from '../codec/type.js';
import { MARKDOWN, NESTING } from '../wire/common.js';

export function capabilities<C>(provider: Provider<C>) {
  return {
    // Core then asks before a destroy too, which costs a call for each resource.
    planDestroy: Object.values(provider.resources).some((resource) => resource.planDestroy !== undefined),
    // Core may reuse the schema that it read from another process of the same provider.
    getProviderSchemaOptional: true,
    moveResourceState: Object.values(provider.resources).some((resource) => resource.move !== undefined),
  };
}

export function metadata<C>(provider: Provider<C>) {
  const names = (types: object) => Object.keys(types).map((typeName) => ({ typeName }));
  return {
    serverCapabilities: capabilities(provider),
    resources: names(provider.resources),
    dataSources: names(provider.dataSources),
    ephemeralResources: names(provider.ephemeralResources),
  };
}

export function providerSchema<C>(provider: Provider<C>) {
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
