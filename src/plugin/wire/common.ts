import { bool, bytes, int64, message, optional, repeated, string } from './field.js';
import type { Message } from './message.js';

/** Messages that several calls of Terraform's plugin protocol 6 share. */

export const DynamicValue = { msgpack: bytes(1), json: bytes(2) };

const Step = {
  attributeName: optional(string(1)),
  elementKeyString: optional(string(2)),
  elementKeyInt: optional(int64(3)),
};
export const AttributePath = { steps: repeated(1, Step) };

export const SEVERITY = { error: 1, warning: 2 } as const;
export const Diagnostic = {
  severity: int64(1),
  summary: string(2),
  detail: string(3),
  attribute: message(4, AttributePath),
};

export const ClientCapabilities = { deferralAllowed: bool(1), writeOnlyAttributesAllowed: bool(2) };
export const ServerCapabilities = {
  planDestroy: bool(1),
  getProviderSchemaOptional: bool(2),
  moveResourceState: bool(3),
};

/** Field 2, the notation from before Terraform 0.12, was never written for any provider of this protocol. */
export const RawState = { json: bytes(1) };

export const MARKDOWN = 1;
export const NESTING = { single: 1, list: 2, set: 3, map: 4 } as const;

/** An attribute may hold an object that holds attributes: the getter lets the table refer to itself. */
export const Attribute: Message = {
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
export const Schema = { version: int64(1), block: message(2, Block) };

export const TypeName = { typeName: string(1) };
