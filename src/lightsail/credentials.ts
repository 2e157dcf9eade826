import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { QUIET } from '../aws/access.js';
import { CredentialsProblem, NoAnswer } from '../aws/no-answer.js';
import type { SdkError } from '../aws/sdk-error.js';
import { asSdkError } from '../aws/sdk-error.js';
import { readRegular, UnfitFile, whyUnfit } from '../files/regular-file.js';
import { Secret } from '../secret/secret.js';
import { isNeverSent } from './api-error.js';
import type { AssumeRole, Settings } from './connection.js';
import type { Sources } from './credentials-diagnosis.js';
import { diagnose, missingProfile, pathsOf, tokenFilesOf } from './credentials-diagnosis.js';

type Sdk = typeof import('./sdk.js');
type Learn = (secret: Secret) => void;

const TOKEN_FILES = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] as const;

/** Those that the settings name, else those of the SDK's default chain; with them a role, where one is to be assumed. */
export function credentialsFor(
  settings: Settings,
  profile: string | undefined,
  sdk: Sdk,
): AwsCredentialIdentity | AwsCredentialIdentityProvider {
  const { accessKeyId, secretAccessKey, sessionToken, assumeRole, endpoints, region } = settings;
  const { learn = () => undefined } = settings;
  const watch = (source: AwsCredentialIdentityProvider) => watched(source, sdk, profile, learn);
  const own =
    accessKeyId && secretAccessKey
      ? {
          accessKeyId,
          secretAccessKey: secretAccessKey.reveal(),
          ...(sessionToken && { sessionToken: sessionToken.reveal() }),
        }
      : undefined;
  const master = own ?? watch(nodeChain(sdk, settings.profile));
  if (!assumeRole) return master;
  return watch(
    sdk.fromTemporaryCredentials({
      masterCredentials: master,
      params: assumeRoleParameters(assumeRole),
      clientConfig: {
        ...(settings.profile && { profile: settings.profile }),
        ...(region && { region }),
        ...(endpoints?.sts && { endpoint: endpoints.sts }),
      },
    }),
  );
}

/** Why no Region is known: a profile that is named and in no file has none. Null where that is not the reason. */
export async function regionProblem(sdk: Sdk, profile: string | undefined): Promise<string | null> {
  return missingProfile(await sourcesOf(sdk, profile))?.join(' ') ?? null;
}

/**
 * Several shared files count as one in which later files win, as in the AWS provider. The SDK reads one path of
 * each kind, so the texts are joined in memory under the first path: nothing is written anywhere.
 */
export async function mergeSharedFiles(
  settings: Pick<Settings, 'sharedConfigFiles' | 'sharedCredentialsFiles'>,
  intercept: (path: string, text: string) => void,
): Promise<void> {
  await merge('AWS_CONFIG_FILE', settings.sharedConfigFiles, intercept);
  await merge('AWS_SHARED_CREDENTIALS_FILE', settings.sharedCredentialsFiles, intercept);
  // The SDK would wait for the other end of a pipe.
  for (const path of Object.values(pathsOf(process.env))) {
    const reason = await whyUnfit(path);
    if (reason !== null) throw unreadable(path, reason);
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

/** Credentials that are told to `learn` before anything is signed with them, and whose absence is explained. */
function watched(
  source: AwsCredentialIdentityProvider,
  sdk: Sdk,
  profile: string | undefined,
  learn: Learn,
): AwsCredentialIdentityProvider {
  return async (properties) => {
    try {
      await assertTokensFit(await sourcesOf(sdk, profile));
      const credentials = await source(properties);
      learnAll(credentials, learn);
      await learnFiles(learn);
      return credentials;
    } catch (thrown) {
      throw await explained(thrown, await sourcesOf(sdk, profile));
    }
  };
}

/** The SDK would wait for the other end of a pipe, and let nothing else of this process go on. */
async function assertTokensFit(sources: Sources): Promise<void> {
  for (const path of tokenFilesOf(sources)) {
    const reason = await whyUnfit(path);
    if (reason === null) continue;
    throw new CredentialsProblem(
      `The token file ${path} cannot be read (${reason}).`,
      'Name a regular file: the provider does not wait for the other end of a pipe.',
    );
  }
}

function learnAll({ secretAccessKey, sessionToken }: AwsCredentialIdentity, learn: Learn): void {
  learn(new Secret(secretAccessKey));
  if (sessionToken) learn(new Secret(sessionToken));
}

async function learnFiles(learn: Learn): Promise<void> {
  for (const path of TOKEN_FILES.map((name) => process.env[name])) {
    const token = path && (await readRegular(path).catch(() => ''));
    if (token) learn(new Secret(token.trim()));
  }
}

async function sourcesOf(sdk: Sdk, profile: string | undefined): Promise<Sources> {
  return { profile, env: process.env, files: await sdk.loadSharedConfigFiles() };
}

/** What a service has answered, and what happened on the way to it, explain themselves. */
async function explained(thrown: unknown, sources: Sources): Promise<unknown> {
  const error = asSdkError(thrown);
  if (error instanceof CredentialsProblem || error.$metadata?.httpStatusCode || isNeverSent(error)) {
    return thrown;
  }
  const diagnosis = await diagnose(sources);
  if (diagnosis) return new CredentialsProblem(...diagnosis);
  return error.name === 'CredentialsProviderError' ? thrown : unforeseen(error, sources);
}

function unforeseen({ name, code }: SdkError, { profile }: Sources): CredentialsProblem {
  const of = profile ? ` of profile ${profile}` : '';
  return new CredentialsProblem(
    `Looking for those${of} failed with ${code ?? name}.`,
    'See that the shared AWS files and the variables that begin with AWS_ are right.',
  );
}

async function merge(
  variable: string,
  files: readonly string[] | undefined,
  intercept: (path: string, text: string) => void,
): Promise<void> {
  const paths = files?.map(expandHome);
  const [first] = paths ?? [];
  if (!paths || !first) return;
  // One provider process has one configuration, so its environment is the SDK's.
  process.env[variable] = first;
  if (paths.length === 1) return;
  const texts = await Promise.all(
    paths.map((path) =>
      readRegular(path).catch((error: unknown) => {
        throw unreadable(path, error instanceof UnfitFile ? error.code : null);
      }),
    ),
  );
  intercept(first, texts.join('\n'));
}

function unreadable(path: string, reason: string | null): NoAnswer {
  return new NoAnswer(`The shared AWS file ${path} cannot be read${reason === null ? '' : ` (${reason})`}.`);
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
