export { Diagnostics, isObject, UNKNOWN } from './provider.js';
export type {
  ApplyResult,
  Attribute,
  Attributes,
  Block,
  Blocks,
  CallContext,
  DataSource,
  Diagnostic,
  EphemeralResource,
  Log,
  ManagedResource,
  NestedBlock,
  ObjectValue,
  Path,
  PrivateData,
  Provider,
  Schema,
  Type,
  Unknown,
  Value,
} from './provider.js';
export { serve, type ServeOptions } from './serve.js';
