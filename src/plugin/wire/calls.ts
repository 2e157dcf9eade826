import { bool, bytes, int64, map, message, optional, repeated, string } from './message.js';
import type { Message } from './message.js';

/**
 * The requests and responses of the service `tfplugin6.Provider`, with the fields that this package uses.
 * Fields left out (deferral, resource identity, provider_meta) are skipped when they arrive and never sent.
 */

const DynamicValue = { msgpack: bytes(1), json: bytes(2) };

const Step = {
  attributeName: optional(string(1)),
  elementKeyString: optional(string(2)),
  elementKeyInt: optional(int64(3)),
};
const AttributePath = { steps: repeated(1, Step) };

const Diagnostic = {
  severity: int64(1),
  summary: string(2),
  detail: string(3),
  attribute: message(4, AttributePath),
};

const ClientCapabilities = { deferralAllowed: bool(1), writeOnlyAttributesAllowed: bool(2) };
const ServerCapabilities = {
  planDestroy: bool(1),
  getProviderSchemaOptional: bool(2),
  moveResourceState: bool(3),
};

/** Field 2, the notation from before Terraform 0.12, was never written for any provider of this protocol. */
const RawState = { json: bytes(1) };

/** An attribute may hold an object that holds attributes: the getter lets the table refer to itself. */
const Attribute: Message = {
  name: string(1),
  type: bytes(2),
  description: string(3),
  required: bool(4),
  optional: bool(5),
  computed: bool(6),
  sensitive: bool(7),
  descriptionKind: int64(8),
  deprecated: bool(9),
  get nestedType() {
    return message(10, NestedObject);
  },
  writeOnly: bool(11),
};
const NestedObject: Message = {
  get attributes() {
    return repeated(1, Attribute);
  },
  nesting: int64(3),
};
/** A block may hold blocks. */
const Block: Message = {
  attributes: repeated(2, Attribute),
  get blockTypes() {
    return repeated(3, NestedBlock);
  },
  description: string(4),
  descriptionKind: int64(5),
};
const NestedBlock: Message = {
  typeName: string(1),
  get block() {
    return message(2, Block);
  },
  nesting: int64(3),
  minItems: int64(4),
  maxItems: int64(5),
};
const Schema = { version: int64(1), block: message(2, Block) };

const TypeName = { typeName: string(1) };

const onlyDiagnostics = (number: number) => ({ diagnostics: repeated(number, Diagnostic) });
const typeAndConfig = { typeName: string(1), config: message(2, DynamicValue) };
const clientCapabilities = (number: number) => message(number, ClientCapabilities);

export const GetMetadata = {
  request: {},
  response: {
    serverCapabilities: message(1, ServerCapabilities),
    diagnostics: repeated(2, Diagnostic),
    dataSources: repeated(3, TypeName),
    resources: repeated(4, TypeName),
    ephemeralResources: repeated(6, TypeName),
  },
};

export const GetProviderSchema = {
  request: {},
  response: {
    provider: message(1, Schema),
    resourceSchemas: map(2, Schema),
    dataSourceSchemas: map(3, Schema),
    diagnostics: repeated(4, Diagnostic),
    serverCapabilities: message(6, ServerCapabilities),
    ephemeralResourceSchemas: map(8, Schema),
  },
};

export const ValidateProviderConfig = {
  request: { config: message(1, DynamicValue) },
  response: onlyDiagnostics(2),
};
export const ValidateResourceConfig = {
  request: { ...typeAndConfig, clientCapabilities: clientCapabilities(3) },
  response: onlyDiagnostics(1),
};
export const ValidateDataResourceConfig = { request: typeAndConfig, response: onlyDiagnostics(1) };
export const ValidateEphemeralResourceConfig = { request: typeAndConfig, response: onlyDiagnostics(1) };

export const ConfigureProvider = {
  request: {
    terraformVersion: string(1),
    config: message(2, DynamicValue),
    clientCapabilities: clientCapabilities(3),
  },
  response: onlyDiagnostics(1),
};

export const UpgradeResourceState = {
  request: { typeName: string(1), version: int64(2), rawState: message(3, RawState) },
  response: { upgradedState: message(1, DynamicValue), diagnostics: repeated(2, Diagnostic) },
};

export const ReadResource = {
  request: {
    typeName: string(1),
    currentState: message(2, DynamicValue),
    private: bytes(3),
    clientCapabilities: clientCapabilities(5),
  },
  response: {
    newState: message(1, DynamicValue),
    diagnostics: repeated(2, Diagnostic),
    private: bytes(3),
  },
};

export const PlanResourceChange = {
  request: {
    typeName: string(1),
    priorState: message(2, DynamicValue),
    proposedNewState: message(3, DynamicValue),
    config: message(4, DynamicValue),
    priorPrivate: bytes(5),
    clientCapabilities: clientCapabilities(7),
    plannedPrivate: bytes(9),
  },
  response: {
    plannedState: message(1, DynamicValue),
    requiresReplace: repeated(2, AttributePath),
    plannedPrivate: bytes(3),
    diagnostics: repeated(4, Diagnostic),
  },
};

export const ApplyResourceChange = {
  request: {
    typeName: string(1),
    priorState: message(2, DynamicValue),
    plannedState: message(3, DynamicValue),
    config: message(4, DynamicValue),
    plannedPrivate: bytes(5),
  },
  response: {
    newState: message(1, DynamicValue),
    private: bytes(2),
    diagnostics: repeated(3, Diagnostic),
  },
};

const ImportedResource = { typeName: string(1), state: message(2, DynamicValue), private: bytes(3) };
export const ImportResourceState = {
  request: { typeName: string(1), id: string(2), clientCapabilities: clientCapabilities(3) },
  response: { importedResources: repeated(1, ImportedResource), diagnostics: repeated(2, Diagnostic) },
};

export const MoveResourceState = {
  request: {
    sourceProviderAddress: string(1),
    sourceTypeName: string(2),
    sourceSchemaVersion: int64(3),
    sourceState: message(4, RawState),
    targetTypeName: string(5),
  },
  response: {
    targetState: message(1, DynamicValue),
    diagnostics: repeated(2, Diagnostic),
    targetPrivate: bytes(3),
  },
};

export const ReadDataSource = {
  request: { ...typeAndConfig, clientCapabilities: clientCapabilities(4) },
  response: { state: message(1, DynamicValue), diagnostics: repeated(2, Diagnostic) },
};

export const OpenEphemeralResource = {
  request: { ...typeAndConfig, clientCapabilities: clientCapabilities(3) },
  response: { diagnostics: repeated(1, Diagnostic), result: message(3, DynamicValue) },
};
export const RenewEphemeralResource = { request: TypeName, response: onlyDiagnostics(1) };
export const CloseEphemeralResource = { request: TypeName, response: onlyDiagnostics(1) };

export const StopProvider = { request: {}, response: { error: string(1) } };
