/** What the user does, before anything befalls it. */
export interface Scenario {
  /** `readable` and `sealed` have a journal; a pending secret can be read back only from the first. */
  readonly route: 'readable' | 'sealed' | 'output';
  readonly exclusive: boolean;
  /** `move`: the bucket's name changes after the first run. */
  readonly action:
    'create' | 'replace' | 'replace-before-destroy' | 'rotate' | 'rotate-overlap' | 'destroy' | 'move';
  /** Strangers' keys on the bucket before anything begins, made in that very second. */
  readonly strangers: number;
  /** Between the first run and the second; after that it is always hours. */
  readonly pause: 'minute' | 'hours';
  /** Whether the runs take place on one machine: only there a dead process can be told. */
  readonly machine: 'same' | 'other';
  readonly s3: 'slow' | 'never' | 'off';
  /** How long GetBucketAccessKeys does not show a new key, in milliseconds. */
  readonly lag: number;
  /** The destination takes no pair, and its check says so. */
  readonly unwritable?: boolean;
  /** Somebody uses every key all the time, also the one that a rotation has replaced. */
  readonly stillUsed?: boolean;
  /** After the first run somebody puts another value in the place of the pair; nothing else is asked for. */
  readonly changed?: boolean;
  /** Somebody else's content lies at the destination. */
  readonly foreign?: boolean;
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
