import { setTimeout as sleep } from 'node:timers/promises';
import type { ParameterHistory, ParameterMetadata, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import type { AwsAccess } from '../../aws/access.js';
import { Patience } from '../patience.js';
import { keyDescribed, versionToFollow } from './description.js';
import { assertHere, assertName, parameterNamed } from './name.js';
import { RecentChanges } from './recent-changes.js';
import type { Stamped } from './recent-changes.js';
import { isRefusal, refused } from './refusal.js';
import type { Action } from './refusal.js';

type Sdk = typeof import('./sdk.js');
type Client = InstanceType<Sdk['SSMClient']>;

/** A parameter without its value: what DescribeParameters tells. */
export interface Parameter extends Stamped {
  readonly name: string;
  readonly type: string;
  readonly tier: string;
  /** The key whose pair it holds; null for any other content. */
  readonly accessKeyId: string | null;
  /** Of a pending pair: the version of the pair's parameter that it is to replace. */
  readonly follows: number | null;
}

export interface Revision extends Stamped {
  readonly value: string;
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

export type Put = PutParameterCommandInput & { readonly Name: string };

/** AWS changes one parameter for one writer at a time, and tells the others to come again. */
const ATTEMPTS_AGAINST_OTHERS = 8;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 3200;

/** The calls on Parameter Store. Of the pair's own parameter none reads the value. */
export class ParameterApi {
  #sdk: Promise<Sdk> | undefined;
  #patient: Promise<Client> | undefined;
  #once: Promise<Client> | undefined;
  readonly #recent: RecentChanges;
  /** The journal's parameter is called after it. */
  readonly pairName: string;

  constructor(
    readonly access: AwsAccess,
    /** The pair's parameter, by its name or its ARN. */
    private readonly given: string,
    private readonly patience = new Patience(),
  ) {
    this.pairName = parameterNamed(given);
    this.#recent = RecentChanges.of(access);
  }

  /** Null when there is no such parameter. */
  async describe(name: string): Promise<Parameter | null> {
    const found = await this.#look(name, async () =>
      (await this.list('Equals', name)).filter((parameter) => parameter.name === name),
    );
    return found[0] ?? null;
  }

  list(option: 'Equals' | 'BeginsWith', name: string): Promise<readonly Parameter[]> {
    return this.#call('DescribeParameters', name, async (sdk, client, options) => {
      const found: Parameter[] = [];
      const request = { ParameterFilters: [{ Key: 'Name', Option: option, Values: [name] }] };
      // A page without a match may be followed by one with it.
      for await (const page of sdk.paginateDescribeParameters({ client }, request, options)) {
        found.push(...(page.Parameters ?? []).map(parameterFrom));
      }
      return found;
    });
  }

  /** The value, decrypted; null when there is no such parameter. */
  async value(name: string): Promise<string | null> {
    try {
      return await this.#call('GetParameter', name, async (sdk, client, options) => {
        const request = new sdk.GetParameterCommand({ Name: name, WithDecryption: true });
        return (await client.send(request, options)).Parameter?.Value ?? null;
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
        const pages = sdk.paginateGetParameterHistory({ client, pageSize: 50 }, request, options);
        for await (const page of pages) {
          revisions.push(...(page.Parameters ?? []).map(revisionFrom));
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
      return await this.patience.spend(action, async (abortSignal) =>
        send(await this.#load(), client ?? (await (this.#patient ??= this.#connect())), { abortSignal }),
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
    return new SSMClient(await this.access.clientOptions('ssm', attempts));
  }
}

function revisionFrom({ Version = 0, Value = '', LastModifiedDate }: ParameterHistory): Revision {
  return { version: Version, value: Value, modified: LastModifiedDate?.getTime() ?? 0 };
}

function parameterFrom(metadata: ParameterMetadata): Parameter {
  const { Name, Version = 0, Type, Tier, Description, LastModifiedDate } = metadata;
  const isSecure = Type === 'SecureString';
  return {
    name: Name ?? '',
    version: Version,
    modified: LastModifiedDate?.getTime() ?? 0,
    type: Type ?? '',
    tier: Tier ?? '',
    accessKeyId: isSecure ? keyDescribed(Description, Version) : null,
    follows: isSecure ? versionToFollow(Description) : null,
  };
}
