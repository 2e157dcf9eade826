import type { LightsailClient } from '@aws-sdk/client-lightsail';
import type { S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentialIdentityProvider, Logger } from '@smithy/types';
import type { AwsAccess, AwsService, ClientOptions } from '../aws/access.js';
import { accountOf } from '../aws/account.js';
import { NoAnswer } from '../aws/no-answer.js';
import { regionProblem, watched } from './credentials.js';
import type { Attempts } from './pace.js';
import { requestHandler, TIME_LIMITS } from './request-handler.js';
import type { TimeLimits } from './request-handler.js';
import { mergeSharedFiles } from './shared-files.js';
import type { AssumeRole, Settings } from './settings.js';

type Sdk = typeof import('./sdk.js');
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const quiet = () => undefined;
/** The SDK would log its answers, and with them the secret. */
const QUIET: Logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** The AWS SDK, loaded and configured at the first call that needs it. */
export class Connection implements AwsAccess {
  #sdk: Promise<Sdk> | undefined;
  #reading: Promise<LightsailClient> | undefined;
  #patient: Promise<LightsailClient> | undefined;
  #once: Promise<LightsailClient> | undefined;
  #account: Promise<string | null> | undefined;

  constructor(
    private readonly settings: Settings,
    readonly limits: TimeLimits = TIME_LIMITS,
  ) {}

  /** For one call with all its repetitions. */
  get totalLimit(): number {
    return this.limits.call * this.settings.maxAttempts;
  }

  /** For calls that only read. */
  get attempts(): Attempts {
    const { maxAttempts: soon, throttledAttempts: slower = soon } = this.settings;
    return { soon, slower };
  }

  /** Whose credentials are looked for, if anybody said. */
  get profile(): string | undefined {
    return this.settings.profile ?? process.env.AWS_PROFILE;
  }

  /** Whether who reads a message can change a provider block. */
  get hasProviderBlock(): boolean {
    return this.settings.hasProviderBlock ?? true;
  }

  sdk(): Promise<Sdk> {
    return (this.#sdk ??= this.#load());
  }

  /** For calls that only read: each is sent once, and repeated by a {@link Pace}, which sees every throttled one. */
  readingClient(): Promise<LightsailClient> {
    return (this.#reading ??= this.#lightsail(1, true));
  }

  /** For other calls that may be repeated. */
  async patientClient(): Promise<LightsailClient> {
    return this.#inTime(await (this.#patient ??= this.#lightsail(this.settings.maxAttempts, true)));
  }

  /** Sends each call once, over a connection of its own. */
  async onceClient(): Promise<LightsailClient> {
    return this.#inTime(await (this.#once ??= this.#lightsail(1, false)));
  }

  async region(): Promise<string> {
    const client = await this.readingClient();
    try {
      return await client.config.region();
    } catch {
      const problem = await regionProblem(await this.sdk(), this.profile);
      throw new NoAnswer(
        problem ??
          'The AWS region is not known. Set region in the provider block, AWS_REGION or AWS_DEFAULT_REGION in the environment, or region in the profile.',
      );
    }
  }

  /** Whose credentials they are; null where nobody can tell without a call, or there are none. */
  account(): Promise<string | null> {
    // Asked once: where there are no credentials, each search for them takes seconds.
    return (this.#account ??= this.readingClient()
      .then(({ config }) => config.credentials())
      .then(accountOf, () => null));
  }

  async clientOptions(service: AwsService, attempts = this.settings.maxAttempts): Promise<ClientOptions> {
    const endpoint = this.settings.endpoints?.[service];
    return {
      ...this.#common(),
      region: await this.region(),
      maxAttempts: attempts,
      requestHandler: await this.#handler(true),
      ...(endpoint && { endpoint }),
      ...this.#credentials(await this.sdk()),
    };
  }

  /** An S3 client for one bucket's pair. */
  async s3(
    pair: Credentials,
    region: string,
  ): Promise<{ client: S3Client; sdk: typeof import('./s3-sdk.js') }> {
    const sdk = await import('./s3-sdk.js');
    const endpoint = this.settings.endpoints?.s3;
    const client = new sdk.S3Client({
      ...this.#common(),
      region,
      credentials: pair,
      maxAttempts: 1,
      systemClockOffset: await this.#clockOffset(),
      requestHandler: await this.#handler(false),
      // Bucket names as host names exist only below amazonaws.com.
      forcePathStyle: Boolean(endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
      ...(endpoint && { endpoint }),
    });
    return { client, sdk };
  }

  async #load(): Promise<Sdk> {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const sdk = await import('./sdk.js');
    await mergeSharedFiles(this.settings, (path, text) => {
      sdk.externalDataInterceptor.interceptFile(path, text);
    });
    return sdk;
  }

  /** The SDK learns by a refusal that the machine's clock is wrong; a call that is sent once cannot wait for that. */
  async #clockOffset(): Promise<number> {
    return (await this.readingClient()).config.systemClockOffset;
  }

  async #inTime(client: LightsailClient): Promise<LightsailClient> {
    client.config.systemClockOffset = (await this.#clockOffset()) || client.config.systemClockOffset;
    return client;
  }

  async #lightsail(maxAttempts: number, reuse: boolean): Promise<LightsailClient> {
    const sdk = await this.sdk();
    const { region, endpoints } = this.settings;
    return new sdk.LightsailClient({
      ...this.#common(),
      maxAttempts,
      requestHandler: await this.#handler(reuse),
      ...(region && { region }),
      ...(endpoints?.lightsail && { endpoint: endpoints.lightsail }),
      ...this.#credentials(sdk),
    });
  }

  #common(): { profile?: string; logger: Logger } {
    return {
      ...(this.settings.profile && { profile: this.settings.profile }),
      logger: QUIET,
    };
  }

  #credentials(sdk: Sdk): Required<Pick<ClientOptions, 'credentials'>> {
    const { accessKeyId, secretAccessKey, sessionToken, assumeRole, profile, endpoints, region } =
      this.settings;
    const { learn = () => undefined } = this.settings;
    const watch = (source: AwsCredentialIdentityProvider) => watched(source, sdk, this.profile, learn);
    const own =
      accessKeyId && secretAccessKey
        ? {
            accessKeyId,
            secretAccessKey: secretAccessKey.reveal(),
            ...(sessionToken && { sessionToken: sessionToken.reveal() }),
          }
        : undefined;
    const master = own ?? watch(nodeChain(sdk, profile));
    if (!assumeRole) return { credentials: master };
    return {
      credentials: watch(
        sdk.fromTemporaryCredentials({
          masterCredentials: master,
          params: assumeRoleParameters(assumeRole),
          clientConfig: {
            ...(profile && { profile }),
            ...(region && { region }),
            ...(endpoints?.sts && { endpoint: endpoints.sts }),
          },
        }),
      ),
    };
  }

  async #handler(reuse: boolean): Promise<InstanceType<Sdk['NodeHttpHandler']>> {
    const { extraCaCertificates } = this.settings;
    return requestHandler(await this.sdk(), { extraCaCertificates, reuse, limits: this.limits });
  }
}

type Init = NonNullable<Parameters<Sdk['fromNodeProviderChain']>[0]>;
interface Caller {
  readonly callerClientConfig?: NonNullable<Init['parentClientConfig']>;
}

/** As a client makes it that is given none: what it asks for credentials is asked over that client's own connection. */
function nodeChain(sdk: Sdk, profile: string | undefined): AwsCredentialIdentityProvider {
  let chain: ReturnType<Sdk['fromNodeProviderChain']> | undefined;
  return (properties) => {
    const { callerClientConfig: parentClientConfig } = (properties ?? {}) as Caller;
    chain ??= sdk.fromNodeProviderChain({
      logger: QUIET,
      ...(profile && { profile }),
      ...(parentClientConfig && { parentClientConfig }),
    });
    return chain(properties);
  };
}

function assumeRoleParameters({ tags, policyArns, transitiveTagKeys, ...role }: AssumeRole) {
  return {
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName ?? `lightsail-access-key-${process.pid}`,
    ...(role.externalId && { ExternalId: role.externalId }),
    ...(role.durationSeconds && { DurationSeconds: role.durationSeconds }),
    ...(role.policy && { Policy: role.policy }),
    ...(policyArns && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
    ...(role.sourceIdentity && { SourceIdentity: role.sourceIdentity }),
    ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(transitiveTagKeys && { TransitiveTagKeys: [...transitiveTagKeys] }),
  };
}
