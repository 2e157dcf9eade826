import type { Type } from './value.js';

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
  /** Markdown, shown by `terraform providers schema` and by editors. */
  readonly description?: string;
}

export type Attributes = Readonly<Record<string, Attribute>>;

export interface Schema {
  readonly version: number;
  readonly description?: string;
  readonly attributes: Attributes;
}
