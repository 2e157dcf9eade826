import {
  AttributePath,
  ClientCapabilities,
  Diagnostic,
  DynamicValue,
  RawState,
  Schema,
  ServerCapabilities,
  TypeName,
} from './common.js';
import { bytes, int64, map, message, repeated, string } from './field.js';

/**
 * The requests and responses of the service `tfplugin6.Provider`, with the fields that this package uses.
 * Fields left out (deferral, resource identity, provider_meta) are skipped when they arrive and never sent.
 */

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
