import type { LightsailClient, LightsailClientConfig } from '@aws-sdk/client-lightsail';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '@smithy/types';
import { NoAnswer } from './api-error.js';
import { mergeSharedFiles } from './shared-files.js';
import type { Settings } from './settings.js';

type Sdk = typeof import('./sdk.js');
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A connection that hangs is one whose answer is lost. */
const CONNECT_MILLISECONDS = 10_000;
const ANSWER_MILLISECONDS = 30_000;

/** The AWS SDK, loaded and configured at the first call that needs it. */
export class Connection {
  #sdk: Promise<Sdk> | undefined;
  #patient: Promise<LightsailClient> | undefined;
  #once: Promise<LightsailClient> | undefined;

  constructor(private readonly settings: Settings) {}

  sdk(): Promise<Sdk> {
    return (this.#sdk ??= this.#load());
  }

  /** For calls that may be repeated. */
  patientClient(): Promise<LightsailClient> {
    return (this.#patient ??= this.#lightsail(this.settings.maxAttempts));
  }

  /** Sends each call once. */
  onceClient(): Promise<LightsailClient> {
    return (this.#once ??= this.#lightsail(1));
  }

  async region(): Promise<string> {
    const client = await this.patientClient();
    try {
      return await client.config.region();
    } catch {
      throw new NoAnswer(
        'The AWS region is not known. Set region in the provider block, AWS_REGION in the environment, or region in the profile.',
      );
    }
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
      requestHandler: await this.#handler(),
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

  async #lightsail(maxAttempts: number): Promise<LightsailClient> {
    const sdk = await this.sdk();
    const { region, endpoints } = this.settings;
    return new sdk.LightsailClient({
      ...this.#common(),
      maxAttempts,
      requestHandler: await this.#handler(),
      ...(region && { region }),
      ...(endpoints?.lightsail && { endpoint: endpoints.lightsail }),
      ...this.#credentials(sdk),
    });
  }

  #common(): { profile?: string; logger: Logger } {
    const quiet = () => undefined;
    return {
      ...(this.settings.profile && { profile: this.settings.profile }),
      // The SDK would log its answers, and with them the secret.
      logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    };
  }

  #credentials(sdk: Sdk): Pick<LightsailClientConfig, 'credentials'> {
    const { accessKeyId, secretAccessKey, sessionToken, assumeRole, profile, endpoints, region } =
      this.settings;
    const own =
      accessKeyId && secretAccessKey
        ? {
            accessKeyId,
            secretAccessKey: secretAccessKey.reveal(),
            ...(sessionToken && { sessionToken: sessionToken.reveal() }),
          }
        : undefined;
    if (!assumeRole) return own ? { credentials: own } : {};
    return {
      credentials: sdk.fromTemporaryCredentials({
        masterCredentials: own ?? sdk.fromNodeProviderChain(profile ? { profile } : {}),
        params: {
          RoleArn: assumeRole.roleArn,
          RoleSessionName: assumeRole.sessionName ?? `lightsail-access-key-${process.pid}`,
          ...(assumeRole.externalId && { ExternalId: assumeRole.externalId }),
          ...(assumeRole.durationSeconds && { DurationSeconds: assumeRole.durationSeconds }),
        },
        clientConfig: {
          ...(profile && { profile }),
          ...(region && { region }),
          ...(endpoints?.sts && { endpoint: endpoints.sts }),
        },
      }),
    };
  }

  async #handler(): Promise<InstanceType<Sdk['NodeHttpHandler']>> {
    const { NodeHttpHandler } = await this.sdk();
    const agent = await this.#agent();
    return new NodeHttpHandler({
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: ANSWER_MILLISECONDS,
      throwOnRequestTimeout: true,
      ...(agent && { httpsAgent: agent }),
    });
  }

  /** The launcher keeps NODE_EXTRA_CA_CERTS from Node's start, where it costs up to 170 ms; it is read here. */
  async #agent(): Promise<import('node:https').Agent | undefined> {
    const path = this.settings.extraCaCertificates;
    if (!path) return undefined;
    const [{ Agent }, { rootCertificates }, { readFile }] = await Promise.all([
      import('node:https'),
      import('node:tls'),
      import('node:fs/promises'),
    ]);
    const extra = await readFile(path, 'utf8').catch(() => null);
    return extra ? new Agent({ keepAlive: true, ca: [...rootCertificates, extra] }) : undefined;
  }
}
