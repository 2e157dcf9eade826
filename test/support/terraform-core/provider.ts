import type { Diagnostic, ManagedResource, ObjectValue } from '../../../src/plugin/index.js';

type Resource = ManagedResource<unknown>;
type Call = 'read' | 'plan' | 'create' | 'update' | 'delete';
export type Request<C extends Call | 'planDestroy'> = Parameters<NonNullable<Resource[C]>>[0];
export type Result<C extends Call | 'planDestroy'> = Awaited<ReturnType<NonNullable<Resource[C]>>>;
export interface Imported {
  readonly state: ObjectValue;
  readonly privateData?: Uint8Array;
}

/** What one call answered, and what it said. */
export interface Answer<T> {
  readonly result: T | null;
  readonly said: readonly Diagnostic[];
  /** A defect: the resource threw instead of saying what is wrong. */
  readonly threw: string | null;
}

/** One process of a provider with one type of resource. */
export interface Provider extends Pick<Resource, 'schema'> {
  validate(config: ObjectValue): Promise<Answer<void>>;
  read(request: Request<'read'>): Promise<Answer<Result<'read'>>>;
  plan(request: Request<'plan'>): Promise<Answer<Result<'plan'>>>;
  /** Answers whether or not the resource has anything to say of it. */
  planDestroy(request: Request<'planDestroy'>): Promise<Answer<Result<'planDestroy'> | undefined>>;
  create(request: Request<'create'>): Promise<Answer<Result<'create'>>>;
  update(request: Request<'update'>): Promise<Answer<Result<'update'>>>;
  delete(request: Request<'delete'>): Promise<Answer<Result<'delete'>>>;
  import(id: string): Promise<Answer<Imported>>;
  /** The user has interrupted Terraform, which begins nothing more. */
  readonly isStopped?: boolean;
  /** In good order: Terraform has taken every answer. */
  end(): Promise<void>;
}

export function hasErrors(said: readonly Diagnostic[]): boolean {
  return said.some(({ severity }) => severity === 'error');
}
