/**
 * `keep`: nothing. `retire`: an overlap is over; `leftovers`: a key could not be deleted; `hook-again`: it failed. `move`: the bucket's name changes after the first run. `rotate-due`: by its age. `import`: a key made by hand, of which
 * nobody has the secret; `take-over`: its pair lies at the destination. `remove`: the block leaves the configuration. `rename`: it has another name there, without a `moved` block.
 */
export const ACTIONS = [
  'keep',
  'create',
  'taint',
  'replace',
  'replace-before-destroy',
  'rotate',
  'rotate-overlap',
  'rotate-due',
  'retire',
  'leftovers',
  'hook-again',
  'import',
  'take-over',
  'destroy',
  'destroy-unrefreshed',
  'remove',
  'rotate, then destroy',
  'rotate, then destroy-unrefreshed',
  'rotate, then remove',
  'move',
  'rename',
  'rename-new-first',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What the author wants of one of several resources. */
export const WISHES = [
  'new',
  'stays',
  'goes',
  'rotates',
  'rotates at once',
  'due',
  'due at once',
  'replaced',
] as const;
export type Wish = (typeof WISHES)[number];

/** Several resources on one bucket in one configuration, in the order in which they are planned. */
export interface Row {
  readonly wishes: readonly Wish[];
  /** Terraform reads all of them before it plans the first, or does both with one after the other. */
  readonly planned: 'one by one' | 'reads first';
  readonly isAppliedBackwards?: boolean;
}

/** What the user does, before anything befalls it. */
export interface Scenario {
  /** `readable` and `sealed` have a journal; a pending secret can be read back only from the first. */
  readonly route: 'readable' | 'sealed' | 'output';
  readonly exclusive: boolean;
  readonly action: Action;
  /** Strangers' keys on the bucket before anything begins, made in that very second. */
  readonly strangers: number;
  /** Between the first run and the second; after that it is always hours. */
  readonly pause: 'minute' | 'hours';
  /** The author applies again and again: the next runs, too, follow within a minute. */
  readonly isHurried?: boolean;
  /** Whether the runs take place on one machine, and it can be told from others: only there a dead process can be. */
  readonly machine: 'same' | 'other' | 'unknown';
  /** Each run of a stack has a working folder of its own. */
  readonly movesFolder?: boolean;
  /** Both stacks have the same working folder, and states of their own. */
  readonly sharesFolder?: boolean;
  /** The store is so slow that no mark is confirmed by the end of a run. */
  readonly endsSlowly?: boolean;
  readonly s3: 'slow' | 'never' | 'off';
  /** How long GetBucketAccessKeys does not show a new key, in milliseconds. */
  readonly lag: number;
  /** How long every second list still shows a deleted key, which takes a slot meanwhile, in milliseconds. */
  readonly deletedLag?: number;
  /** The destination takes no pair, and its check says so. */
  readonly unwritable?: boolean;
  /** Somebody uses every key all the time, also the one that a rotation has replaced. */
  readonly stillUsed?: boolean;
  /** After the first run somebody puts another value in the place of the pair; nothing else is asked for. */
  readonly changed?: boolean;
  /** Somebody else's content lies at the destination. */
  readonly foreign?: boolean;
  /** Whole runs fit into one second of the API's. */
  readonly isQuick?: boolean;
  /** The author has programs run for every key that is made or removed. */
  readonly hooks?: boolean;
  /** The author changes an argument, too, that does not concern the keys. */
  readonly isEdited?: boolean;
  /** Before the first run AWS has taken the key out of use. */
  readonly isInactive?: boolean;
  /** Instead of the one resource and its action. */
  readonly row?: Row;
  /** What is known only at apply, where it turns out to be what it was. */
  readonly unknown?: 'keepers' | 'secret';
}

export const PLAIN: Scenario = {
  route: 'readable',
  exclusive: false,
  action: 'create',
  strangers: 0,
  pause: 'minute',
  machine: 'same',
  s3: 'slow',
  lag: 0,
};

export function hasOverlap({ action }: Scenario): boolean {
  return action === 'rotate-overlap' || action === 'retire';
}
