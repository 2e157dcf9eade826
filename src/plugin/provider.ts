/** A value that Terraform does not know yet: it will be known after apply. */
export const UNKNOWN: unique symbol = Symbol('unknown');
export type Unknown = typeof UNKNOWN;

/**
 * A Terraform value in JavaScript.
 *
 * Numbers are `number` where that is exact and `bigint` for whole numbers beyond 2^53; lists, sets and tuples
 * are arrays; maps and objects are plain objects. An object carries every attribute of its type, null for unset.
 */
export type Value = null | boolean | number | bigint | string | Unknown | readonly Value[] | ObjectValue;
export interface ObjectValue {
  readonly [attribute: string]: Value;
}

/** Whether the value is an object or a map: neither null, nor unknown, nor a list. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A type in Terraform's own JSON notation: `"string"`, `["list","string"]`, `["object",{"a":"bool"}]`. */
export type Type =
  | 'string'
  | 'bool'
  | 'number'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', Type]
  | readonly ['object', Readonly<Record<string, Type>>]
  | readonly ['tuple', readonly Type[]];

/** One attribute of a schema: a plain one has `type`, a nested object has `nested`. */
export interface Attribute {
  readonly type?: Type;
  /** Attributes of a nested object (or of each element of a list, set or map of such objects). */
  readonly nested?: { readonly nesting: 'single' | 'list' | 'set' | 'map'; readonly attributes: Attributes };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly writeOnly?: boolean;
  readonly deprecated?: boolean;
  /** Of a list, set or map: null elements are taken. By default each is refused, as one that would be lost in silence. */
  readonly nullElements?: boolean;
  /** Markdown, shown by `terraform providers schema` and by editors. */
  readonly description?: string;
}

export type Attributes = Readonly<Record<string, Attribute>>;

/**
 * What stands between a pair of braces: attributes, and further blocks. Terraform refuses a name that is in neither, at
 * its line; members of a nested *attribute* that it does not know, it drops without a word.
 */
export interface Block {
  readonly description?: string;
  readonly attributes: Attributes;
  readonly blocks?: Blocks;
}

/** A block that stands at most once in the one around it, Terraform's nesting mode SINGLE: null where it does not. */
export interface NestedBlock extends Block {
  readonly required?: boolean;
}

export type Blocks = Readonly<Record<string, NestedBlock>>;

export interface Schema extends Block {
  readonly version: number;
}

/** The type of a whole block of configuration or state. */
export function objectType({
  attributes,
  blocks = {},
}: Block): readonly ['object', Readonly<Record<string, Type>>] {
  return [
    'object',
    Object.fromEntries<Type>([
      ...Object.entries(attributes).map(([name, attribute]) => [name, attributeType(attribute)] as const),
      ...Object.entries(blocks).map(([name, block]) => [name, objectType(block)] as const),
    ]),
  ];
}

export function attributeType(attribute: Attribute): Type {
  if (attribute.nested) {
    const object = objectType(attribute.nested);
    return attribute.nested.nesting === 'single' ? object : [attribute.nested.nesting, object];
  }
  if (attribute.type === undefined) throw new TypeError('An attribute of a schema needs a type.');
  return attribute.type;
}

/** What each call gets besides its values. */
export interface CallContext {
  /** Errors and warnings for the user; an error makes the call fail. */
  readonly diagnostics: Diagnostics;
  /** Aborted when Terraform asks the provider to stop (the user's first Ctrl-C). */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** What the client says it can do. */
  readonly client: { readonly deferralAllowed: boolean; readonly writeOnlyAttributesAllowed: boolean };
}

/** Structured logging in Terraform's own format; shown to users only with `TF_LOG`. */
export interface Log {
  trace(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** The steps from an object to one of its attributes: a name, a list index, or the key of a map. */
export type Path = readonly (string | number | { readonly key: string })[];

/** Bytes that Terraform keeps beside the state for the provider, in clear: never a secret. Empty when there are none. */
export type PrivateData = Uint8Array;

export interface ManagedResource<Configured> {
  readonly schema: Schema;
  /** Checks one resource's configuration offline; unknown values are passed as UNKNOWN. */
  validate?(config: ObjectValue, context: CallContext): Promise<void> | void;
  /** Brings a state of an older schema version to the present one; without it, only the present version is accepted. */
  upgrade?(state: unknown, fromVersion: number, context: CallContext): Promise<ObjectValue> | ObjectValue;
  /** What really is there now; null when it is gone. */
  read(
    request: { readonly state: ObjectValue; readonly privateData: PrivateData },
    configured: Configured,
    context: CallContext,
  ): Promise<{ state: ObjectValue | null; privateData?: PrivateData }>;
  /** Not called for a destroy plan unless `planDestroy` is set. `prior` is null when creating. */
  plan(
    request: {
      readonly config: ObjectValue;
      readonly prior: ObjectValue | null;
      readonly proposed: ObjectValue;
      readonly privateData: PrivateData;
      /** What the plan before this one has answered, which Terraform makes again before it applies; 1.16 and later. */
      readonly plannedPrivateData?: PrivateData | undefined;
    },
    configured: Configured,
    context: CallContext,
  ): Promise<{ planned: ObjectValue; requiresReplace?: readonly Path[]; privateData?: PrivateData }>;
  /** Called for a destroy plan; may add diagnostics. `delete` gets the private data that it answers. */
  planDestroy?(
    request: { readonly prior: ObjectValue; readonly privateData: PrivateData },
    configured: Configured,
    context: CallContext,
  ): Promise<{ privateData: PrivateData }>;
  create(
    request: {
      readonly config: ObjectValue;
      readonly planned: ObjectValue;
      readonly privateData: PrivateData;
    },
    configured: Configured,
    context: CallContext,
  ): Promise<ApplyResult>;
  update(
    request: {
      readonly config: ObjectValue;
      readonly prior: ObjectValue;
      readonly planned: ObjectValue;
      readonly privateData: PrivateData;
    },
    configured: Configured,
    context: CallContext,
  ): Promise<ApplyResult>;
  /**
   * After it, the resource leaves the state unless an error was added: then `state`, or the prior state, is kept, and
   * `privateData` beside it.
   */
  delete(
    request: { readonly prior: ObjectValue; readonly privateData: PrivateData },
    configured: Configured,
    context: CallContext,
  ): Promise<{ state?: ObjectValue; privateData?: PrivateData } | undefined>;
  import?(
    id: string,
    configured: Configured,
    context: CallContext,
  ): Promise<{ state: ObjectValue; privateData?: PrivateData }>;
  /**
   * Takes over the state of a resource of another type (`moved` block). Undefined: that type is not understood.
   * Terraform asks a provider that it has not configured, so `configured` is undefined then: the state is all there is.
   */
  move?(
    request: { readonly sourceProvider: string; readonly sourceType: string; readonly sourceState: unknown },
    configured: Configured | undefined,
    context: CallContext,
  ): Promise<{ state: ObjectValue; privateData?: PrivateData } | undefined>;
}

/** `state` null with an error saves nothing; a state with an error on create is saved as tainted. */
export interface ApplyResult {
  readonly state: ObjectValue | null;
  readonly privateData?: PrivateData;
}

export interface DataSource<Configured> {
  readonly schema: Schema;
  validate?(config: ObjectValue, context: CallContext): Promise<void> | void;
  read(config: ObjectValue, configured: Configured, context: CallContext): Promise<ObjectValue>;
}

export interface EphemeralResource<Configured> {
  readonly schema: Schema;
  validate?(config: ObjectValue, context: CallContext): Promise<void> | void;
  open(config: ObjectValue, configured: Configured, context: CallContext): Promise<ObjectValue>;
}

/** A whole provider; `serve` puts it behind Terraform's plugin protocol, version 6. */
export interface Provider<Configured> {
  readonly schema: Schema;
  validate?(config: ObjectValue, context: CallContext): Promise<void> | void;
  /** Turns the provider block into what every later call receives. Called once, before any of them. */
  configure(config: ObjectValue, terraformVersion: string, context: CallContext): Promise<Configured>;
  /**
   * Terraform ends the provider in good order: it has taken every answer. Not called when Terraform dies, or
   * was interrupted.
   * It has about a second; then the process ends.
   */
  end?(): Promise<void>;
  readonly resources: Readonly<Record<string, ManagedResource<Configured>>>;
  readonly dataSources: Readonly<Record<string, DataSource<Configured>>>;
  readonly ephemeralResources: Readonly<Record<string, EphemeralResource<Configured>>>;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One line: what happened. Warnings with the same summary are merged by Terraform, so it names the thing. */
  readonly summary: string;
  /** What it means, and what to do. */
  readonly detail: string;
  /** Points at the attribute, so that Terraform can show the source line. */
  readonly path?: Path;
}

/** Collects what one call has to say to the user. */
export class Diagnostics {
  readonly #items: Diagnostic[] = [];

  add(diagnostic: Diagnostic): void {
    this.#items.push(diagnostic);
  }

  error(summary: string, detail: string, path?: Path): void {
    this.add({ severity: 'error', summary, detail, ...(path && { path }) });
  }

  warning(summary: string, detail: string, path?: Path): void {
    this.add({ severity: 'warning', summary, detail, ...(path && { path }) });
  }

  get hasErrors(): boolean {
    return this.#items.some((item) => item.severity === 'error');
  }

  get items(): readonly Diagnostic[] {
    return this.#items;
  }
}
