export { type Diagnostic, Diagnostics } from './diagnostics.js';
export type {
  ApplyResult,
  CallContext,
  DataSource,
  EphemeralResource,
  Log,
  ManagedResource,
  Path,
  PrivateData,
  Provider,
} from './provider.js';
export type { Attribute, Attributes, Block, Blocks, NestedBlock, Schema } from './schema.js';
export { serve, type ServeOptions } from './serve.js';
export { isObject, type ObjectValue, type Type, UNKNOWN, type Unknown, type Value } from './value.js';
