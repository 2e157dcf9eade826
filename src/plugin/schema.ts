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
