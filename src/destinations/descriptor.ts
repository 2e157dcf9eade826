import type { AwsAccess } from '../aws/access.js';
import { invalidRecipient } from '../contract/age-recipient.js';
import { DEFAULTS, FORMATS } from '../contract/limits.js';
import type { Destination } from '../lifecycle/destination.js';
import type { Secret } from '../secret/secret.js';
import type { DestinationPolicy } from './policy.js';
import type { ReadBack } from './read-back.js';
import type { SharedStores } from './shared-stores.js';

/** One argument of a destination's block, as its author may write it. */
export interface Argument {
  readonly type: 'text' | 'list';
  /** Markdown, shown by `terraform providers schema` and by editors. */
  readonly description: string;
  readonly isRequired?: true;
  /** Of a text: what stands for one that is left out. */
  readonly default?: string;
  /** The only texts that are taken. */
  readonly oneOf?: readonly string[];
  /** What an element of the list has to be, and what is wrong with one; null for nothing. */
  readonly elements?: {
    readonly called: string;
    readonly problemOf: (element: string) => string | null;
  };
  /** The order of the list says nothing. */
  readonly isUnordered?: true;
  /**
   * What a change means. By default the pair belongs elsewhere or looks otherwise, so the key is replaced. `treatment`: it
   * stays, and is treated otherwise from now on. `next pair`: it stays, and the next one is stored otherwise.
   */
  readonly change?: 'treatment' | 'next pair';
  /** With it, the pair is readable for those alone whom it names. */
  readonly seals?: true;
}

export type Arguments = Readonly<Record<string, Argument>>;

type TextOf<A> = A extends { readonly oneOf: readonly (infer One)[] } ? One : string;
type ValueOf<A> = A extends { readonly type: 'list' }
  ? readonly string[]
  : A extends { readonly type: 'text' }
    ? TextOf<A>
    : string | readonly string[];
type Sure = { readonly isRequired: true } | { readonly default: string };

/** What the arguments were given, wholly known. An optional one that is null or empty is undefined. */
export type Given<As extends Arguments = Arguments> = {
  readonly [Name in keyof As]: As[Name] extends Sure ? ValueOf<As[Name]> : ValueOf<As[Name]> | undefined;
};

/** The key whose pair the state says was delivered, and where. */
export interface Current {
  readonly key: string | null;
  readonly reference: string | null;
}

/** What a destination needs besides its own arguments. */
export interface Surroundings {
  readonly bucket: string;
  readonly current: Current;
  readonly access: AwsAccess;
  /** The provider block's endpoint of Vault. */
  readonly vaultAddress: string | undefined;
  /** Told of every credential that a store gives to this run. */
  readonly learn: (secret: Secret) => void;
  readonly shared: SharedStores;
  /** A new key is made for it: what it lies in may have been made by the same apply, a moment ago. */
  readonly isToIssue: boolean;
  /** A line in Terraform's log. */
  readonly log?: (what: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** A destination's code. Its client it loads by itself, at the first call that needs it. */
export interface Store<As extends Arguments> {
  open(given: Given<As>, around: Surroundings): Destination & Partial<ReadBack>;
}

/** Whether consumers of Terraform may read a pair back from here. The store's destination is a {@link ReadBack} then. */
type Reading<As extends Arguments> =
  | {
      readonly isPossible: true;
      /** The arguments, where one of them was given a `secret_reference`. By default they stay as they are. */
      byReference?(given: Given<As>): Given<As>;
    }
  | {
      readonly isPossible: false;
      readonly why: string;
      /** What to do instead; goes on with the names of destinations. */
      readonly instead: string;
    };

/**
 * All that is known of a destination before it is used; the registry lists them. It is read at every start of the
 * provider, so whatever only a plan or an apply needs belongs into the store.
 */
export interface Descriptor<As extends Arguments = Arguments> {
  /** Its block in `secret`. */
  readonly name: string;
  /** Markdown. */
  readonly description: string;
  readonly arguments: As;
  readonly reading: Reading<As>;
  /** The pair goes into the state itself, with the answer to Terraform. */
  readonly isState?: true;
  /** What lies there cannot be asked for, so what was delivered is taken to be there. */
  readonly isMute?: true;
  /**
   * The arguments that say where, as what they lead to on this machine in this run: two ways to write one place are one.
   * `reference`: of the pair that the state says was delivered; it names the place as the store does.
   */
  resolve?(
    given: Given<As>,
    reference: string | null,
  ): Readonly<Partial<Record<keyof As, string | readonly string[] | null>>>;
  /** Of a destination on AWS. */
  readonly policy?: DestinationPolicy;
  /** A bundle of its own, loaded where a configuration names this destination. */
  load(): Promise<Store<As>>;
}

/** Where the author of one resource sends its secret. */
export interface DestinationChoice {
  readonly destination: Descriptor;
  readonly given: Given;
  readonly current: Current;
}

/** How the pair is written for its consumer. */
export const FORMAT = {
  type: 'text',
  description: `One of ${FORMATS.map((name) => `\`${name}\``).join(', ')}. Default: \`sdk\`, a JSON object.`,
  oneOf: FORMATS,
  default: DEFAULTS.format,
} as const satisfies Argument;

/** Who alone can read the pair. */
export const AGE_RECIPIENTS = {
  type: 'list',
  description: 'age recipients (`age1…`): with them only ciphertext leaves the provider.',
  elements: { called: 'recipient', problemOf: invalidRecipient },
  isUnordered: true,
  seals: true,
} as const satisfies Argument;
