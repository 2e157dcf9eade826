import type { LightsailClient } from '@aws-sdk/client-lightsail';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '@smithy/types';
import type { AwsAccess, AwsService, ClientOptions } from '../aws/access.js';
import { accountOf, QUIET } from '../aws/access.js';
import { NoAnswer } from '../aws/no-answer.js';
import type { Secret } from '../secret/secret.js';
import { credentialsFor, mergeSharedFiles, regionProblem } from './credentials.js';
import type { Attempts } from './pace.js';
import type { TimeLimits } from './request-handler.js';
import { requestHandler, TIME_LIMITS } from './request-handler.js';

type Sdk = typeof import('./sdk.js');
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface AssumeRole {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly durationSeconds?: number;
  /** An IAM policy as JSON that narrows the session. */
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** How AWS is reached. What is left out comes from the AWS SDK's default chain. */
export interface Settings {
  readonly region?: string;
  readonly profile?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: Secret;
  readonly sessionToken?: Secret;
  /** Later files take precedence over earlier ones. */
  readonly sharedConfigFiles?: readonly string[];
  readonly sharedCredentialsFiles?: readonly string[];
  readonly assumeRole?: AssumeRole;
  readonly endpoints?: Readonly<Partial<Record<AwsService, string>>>;
  /** For calls that are safe to repeat. */
  readonly maxAttempts: number;
  /** For such a call while AWS asks to slow down. Default: `maxAttempts`. */
  readonly throttledAttempts?: number;
  /** Whether messages may speak of a provider block. Default: true; the command has none. */
  readonly hasProviderBlock?: boolean;
  /** Told of every secret of the credentials in use. */
  readonly learn?: (secret: Secret) => void;
  /** PEM files of certificate authorities to trust besides Node's own, as in NODE_EXTRA_CA_CERTS. */
  readonly extraCaCertificates?: readonly string[];
}

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

  /** Where S3 is asked, as far as the provider block or the environment says so. */
  get s3Endpoint(): string | undefined {
    const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
    return [this.settings.endpoints?.s3, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL].find(Boolean);
  }

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

  /** Whose credentials they are; null where that is unknown without a call, or there are none. */
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
      credentials: credentialsFor(this.settings, this.profile, await this.sdk()),
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
      ...(endpoint && { endpoint }),
    });
    // Bucket names as host names exist only below amazonaws.com. The environment or a profile may name another host.
    const { serviceConfiguredEndpoint: configured } = client.config as ConfiguredEndpoint;
    client.config.forcePathStyle = Boolean(endpoint ?? (await configured?.()));
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
      credentials: credentialsFor(this.settings, this.profile, sdk),
    });
  }

  #common(): { profile?: string; logger: Logger } {
    return {
      ...(this.settings.profile && { profile: this.settings.profile }),
      logger: QUIET,
    };
  }

  async #handler(reuse: boolean): Promise<InstanceType<Sdk['NodeHttpHandler']>> {
    const { extraCaCertificates } = this.settings;
    return requestHandler(await this.sdk(), { extraCaCertificates, reuse, limits: this.limits });
  }
}

/** What the SDK reads by itself, from variables and shared files. */
interface ConfiguredEndpoint {
  readonly serviceConfiguredEndpoint?: () => Promise<string | undefined>;
}

/** What the environment says of the way to AWS, as far as the SDK does not read it by itself. */
export function environmentSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Pick<Settings, 'region' | 'extraCaCertificates'> {
  // As the AWS provider does: both come before the profile's region. The SDK knows the first alone.
  const region = [env.AWS_REGION, env.AWS_DEFAULT_REGION].find(Boolean);
  // Node trusts NODE_EXTRA_CA_CERTS by itself only as long as no other certificate is named.
  const extra = [env.LIGHTSAIL_EXTRA_CA_CERTS, env.NODE_EXTRA_CA_CERTS, env.AWS_CA_BUNDLE];
  const extraCaCertificates = extra.filter((path): path is string => Boolean(path));
  return {
    ...(region && { region }),
    ...(extraCaCertificates.length > 0 && { extraCaCertificates }),
  };
}
