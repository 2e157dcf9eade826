/** In whose account, and in which Region, rights are to hold. */
export interface PolicyPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** An option of the command `policy`, asked for one destination. */
export interface PolicyOption {
  /** One letter, for the usage text: `--name N`. */
  readonly letter: string;
  /** In the usage text, behind the destination's name. */
  readonly note?: string;
  readonly help: string;
  readonly isRequired?: true;
  readonly oneOf?: readonly string[];
  /** An ARN is taken, too, where it is one of the Region and account of the policy. */
  readonly mayBeArn?: true;
}

/** What a destination on AWS needs of IAM: change it where the destination's calls change. */
export interface DestinationPolicy {
  readonly options: Readonly<Record<string, PolicyOption>>;
  /** The rights on what these options name. */
  statements(given: Readonly<Record<string, string>>, place: PolicyPlace): readonly Statement[];
  /** With a KMS key of one's own, which the service uses for the caller. AWS's own keys need no right of the caller's. */
  readonly kms?: {
    /** As `kms:ViaService` names it. */
    readonly service: string;
    actions(given: Readonly<Record<string, string>>): readonly string[];
  };
}

/** What the actions are limited to, and on what condition. */
export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Statement['Condition'],
): Statement {
  return { Sid, Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

export function arnOf({ partition, region, account }: PolicyPlace, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${rest}`;
}
