import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsAccess } from '../../aws/access.js';
import { memberOf } from '../../aws/no-answer.js';
import type { SdkError } from '../../aws/sdk-error.js';
import { StorePace, throttledByPace } from '../../aws/store-pace.js';
import type { LogLine } from '../../aws/store-pace.js';
import { parameterArn, PARAMETER_SUFFIX, parameterNameProblem } from '../../contract/ssm-parameter.js';
import type { ParameterArn } from '../../contract/ssm-parameter.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { about, isRefusal, refused as refusedBy, sentence } from '../aws-refusal.js';
import type { Words } from '../aws-refusal.js';
import { Patience } from '../patience.js';
import { SharedStores } from '../shared-stores.js';
import type { StoreOptions } from '../shared-stores.js';
import { parameterNamed } from './descriptor.js';
import { parameterFrom, RecentChanges, revisionFrom } from './metadata.js';
import type { Parameter, Revision, Stamped } from './metadata.js';

type Sdk = typeof import('./sdk.js');
type Client = InstanceType<Sdk['SSMClient']>;

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

export type Put = PutParameterCommandInput & { readonly Name: string };

/** AWS changes one parameter for one writer at a time, and tells the others to come again. */
const ATTEMPTS_AGAINST_OTHERS = 8;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 3200;
/** The most that AWS allows. It counts all parameters, also where a filter leaves out most of them. */
const PAGE_SIZE = 50;

/** What all parameters of one process share: a key is destroyed and made again by two calls. */
class SharedParameters {
  readonly pace = new StorePace('Parameter Store');
  readonly recent = new RecentChanges();
}

/** The calls on Parameter Store. Of the pair's own parameter none reads the value. */
export class ParameterApi {
  #sdk: Promise<Sdk> | undefined;
  #patient: Promise<Client> | undefined;
  #once: Promise<Client> | undefined;
  readonly #recent: RecentChanges;
  readonly #pace: StorePace;
  readonly #patience: Patience;
  readonly #log: LogLine | undefined;
  /** The journal's parameter is called after it. */
  readonly pairName: string;

  constructor(
    readonly access: AwsAccess,
    /** The pair's parameter, by its name or its ARN. */
    private readonly given: string,
    { shared = new SharedStores(), patience = new Patience(), log }: StoreOptions = {},
  ) {
    this.pairName = parameterNamed(given);
    ({ pace: this.#pace, recent: this.#recent } = shared.part(SharedParameters));
    this.#patience = patience;
    this.#log = log;
  }

  /** Null when there is no such parameter. */
  async describe(name: string): Promise<Parameter | null> {
    const [found = null] = await this.#look(name, () => this.#found(name));
    return found;
  }

  #found(name: string): Promise<readonly Parameter[]> {
    return this.#call('DescribeParameters', name, async (sdk, client, options) => {
      const request = { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] };
      const pages = sdk.paginateDescribeParameters({ client, pageSize: PAGE_SIZE }, request, options);
      // A page without a match may be followed by one with it; one with it is the last that matters.
      for await (const { Parameters } of pages) {
        const found = memberOf(Parameters, 'Parameters').find(({ Name }) => Name === name);
        if (found) return [parameterFrom(found)];
      }
      return [];
    });
  }

  /** The value, decrypted; null when there is no such parameter. */
  async value(name: string): Promise<string | null> {
    try {
      return await this.#call('GetParameter', name, async (sdk, client, options) => {
        const request = new sdk.GetParameterCommand({ Name: name, WithDecryption: true });
        return memberOf((await client.send(request, options)).Parameter?.Value, 'a Value');
      });
    } catch (error) {
      if (isRefusal(error, 'ParameterNotFound')) return null;
      throw error;
    }
  }

  /** All versions that AWS keeps, oldest first; none when there is no such parameter. A SecureString stays encrypted. */
  history(name: string): Promise<readonly Revision[]> {
    return this.#look(name, () => this.#history(name));
  }

  async #history(name: string): Promise<readonly Revision[]> {
    try {
      return await this.#call('GetParameterHistory', name, async (sdk, client, options) => {
        const revisions: Revision[] = [];
        const request = { Name: name };
        const pages = sdk.paginateGetParameterHistory({ client, pageSize: PAGE_SIZE }, request, options);
        for await (const page of pages) {
          revisions.push(...memberOf(page.Parameters, 'Parameters').map(revisionFrom));
        }
        return revisions.sort((a, b) => a.version - b.version);
      });
    } catch (error) {
      if (isRefusal(error, 'ParameterNotFound')) return [];
      throw error;
    }
  }

  /** The version that it made; null when there is a parameter already and it is not to be overwritten. */
  async put(request: Put): Promise<number | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#put(request, await (this.#patient ??= this.#connect()));
      } catch (error) {
        if (!isRefusal(error, 'TooManyUpdates') || attempt >= ATTEMPTS_AGAINST_OTHERS) throw error;
        await sleep(FIRST_PAUSE * attempt * (0.5 + Math.random()));
      }
    }
  }

  /** The same without a second attempt; a {@link Refusal} that `mayPass` leaves open whether it was done. */
  async putOnce(request: Put): Promise<number | null> {
    return this.#put(request, await (this.#once ??= this.#connect(1)));
  }

  async delete(name: string): Promise<void> {
    try {
      await this.#call('DeleteParameter', name, (sdk, client, options) =>
        client.send(new sdk.DeleteParameterCommand({ Name: name }), options),
      );
    } catch (error) {
      if (!isRefusal(error, 'ParameterNotFound')) throw error;
    }
    this.#recent.deleted(name);
  }

  /** Looks again while AWS does not show what this process has done. */
  async #look<Version extends Stamped>(
    name: string,
    ask: () => Promise<readonly Version[]>,
  ): Promise<readonly Version[]> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const versions = await ask();
      const view = this.#recent.judge(name, versions);
      if (view !== 'behind') return view === 'gone' ? [] : versions;
      await sleep(pause);
    }
  }

  async #put(request: Put, client: Client): Promise<number | null> {
    const { Name: name } = request;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const version = await this.#write(request, client);
      if (version !== null) this.#recent.wrote(name, version);
      // A name that was deleted a moment ago may still be taken by nothing.
      const isFreed = version === null && this.#recent.isDeleted(name) && !(await this.describe(name));
      if (!isFreed) return version;
      await sleep(pause);
    }
  }

  async #write(request: Put, client: Client): Promise<number | null> {
    try {
      return await this.#call(
        'PutParameter',
        request.Name,
        async (sdk, with_, options) =>
          (await with_.send(new sdk.PutParameterCommand(request), options)).Version ?? 0,
        client,
      );
    } catch (error) {
      if (isRefusal(error, 'ParameterAlreadyExists')) return null;
      throw error;
    }
  }

  async #call<Answer>(
    action: Action,
    name: string,
    send: (sdk: Sdk, client: Client, options: CallOptions) => Promise<Answer>,
    client?: Client,
  ): Promise<Answer> {
    const region = await this.access.region();
    assertName(this.pairName, region);
    if (this.given !== this.pairName) {
      assertHere(this.given, { region, account: (await this.access.account?.()) ?? null });
    }
    try {
      const patient = () => (this.#patient ??= this.#connect());
      return await this.#pace.run(
        action,
        () =>
          this.#patience.spend(action, async (abortSignal) =>
            send(await this.#load(), client ?? (await patient()), { abortSignal }),
          ),
        { attempts: async () => (await patient()).config.maxAttempts(), log: this.#log },
      );
    } catch (error) {
      throw refused(error, { action, name, region });
    }
  }

  #load(): Promise<Sdk> {
    return (this.#sdk ??= import('./sdk.js'));
  }

  async #connect(attempts?: number): Promise<Client> {
    const { SSMClient } = await this.#load();
    return throttledByPace(new SSMClient(await this.access.clientOptions('ssm', attempts)));
  }
}

interface Here {
  readonly region: string;
  readonly account: string | null;
}

/** Throws for the ARN of a parameter that the provider cannot reach. */
function assertHere(given: string, here: Here): void {
  const there = parameterArn(given);
  const elsewhere = there && placeElsewhere(there, here);
  if (elsewhere === null) return;
  throw new DestinationError(
    `SSM parameter ${given} is ${elsewhere}.`,
    'Choose a parameter of the same Region and account as the bucket.',
  );
}

function placeElsewhere({ region, account }: ParameterArn, here: Here): string | null {
  if (region !== here.region) return `in ${region}, and this provider works in ${here.region}`;
  const isOther = here.account !== null && account !== here.account;
  return isOther ? `of account ${account}, and this provider works in ${here.account}` : null;
}

/** Throws for a name that Parameter Store would refuse, or whose neighbours it would refuse. */
function assertName(name: string, region: string): void {
  const problem = parameterNameProblem(name, region);
  if (problem)
    throw new DestinationError(
      `${name} cannot be the name of an SSM parameter: ${problem.what}`,
      problem.remedy,
    );
}

type Action =
  'DescribeParameters' | 'GetParameter' | 'GetParameterHistory' | 'PutParameter' | 'DeleteParameter';

interface Call {
  readonly action: Action;
  readonly name: string;
  readonly region: string;
}

/** What Parameter Store, or the way to it, has thrown, in words. */
function refused(thrown: unknown, call: Call): DestinationError {
  const { action, name, region } = call;
  return refusedBy(
    thrown,
    {
      service: 'Parameter Store',
      right: `ssm:${action}`,
      action,
      place: `SSM parameter ${name}`,
      region,
      kmsRights: action === 'GetParameter' ? 'kms:Decrypt' : 'kms:Encrypt and kms:GenerateDataKey',
      ...(action === 'DescribeParameters' && {
        limit: 'It returns no value, and IAM knows it for all parameters only (Resource "*").',
      }),
    },
    (error) => answered(error, call),
  );
}

function answered(error: SdkError, call: Call): Words | null {
  const { action, name, region } = call;
  if (error.name === 'AccessDeniedException' && action === 'GetParameter' && !isPending(name)) {
    return [
      `This run may not read the live secret in SSM parameter ${name}: ${sentence(error.message)}`,
      'Allow ssm:GetParameter on that parameter. Making keys does not need it, so the command "lightsail-access-key policy" does not print it.',
    ];
  }
  const known = ANSWERS[error.name];
  return known ? [`SSM parameter ${name} in ${region} ${known[0]} (${about(error)}).`, known[1]] : null;
}

const ANSWERS: Readonly<Record<string, Words>> = {
  ParameterMaxVersionLimitExceeded: [
    'has 100 versions, and its oldest one has a label, so AWS deletes none to make room',
    'Move that label to a later version, or take it away: aws ssm unlabel-parameter-version.',
  ],
  ParameterLimitExceeded: [
    'cannot be made: the region holds as many parameters as the account may have',
    'Delete some, choose another tier, or raise the quota.',
  ],
  HierarchyLevelLimitExceededException: ['has more than 15 levels', 'Use fewer levels.'],
  HierarchyTypeMismatchException: [
    'has another type, which AWS never changes',
    'Delete it, or choose another name.',
  ],
  ParameterPatternMismatchException: [
    'has an allowed pattern that a pair does not fit',
    'Take the pattern away, or choose another name.',
  ],
  TooManyUpdates: ['is being changed by others at the same time', 'Apply again.'],
};

function isPending(name: string): boolean {
  return name.includes(PARAMETER_SUFFIX.pending);
}
