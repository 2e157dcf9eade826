import type { Diagnostics } from './diagnostics.js';
import type { Schema } from './schema.js';
import type { ObjectValue } from './value.js';

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
