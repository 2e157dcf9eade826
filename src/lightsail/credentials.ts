import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { CredentialsProblem } from '../aws/credentials-problem.js';
import { asSdkError } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';
import { readRegular, whyUnfit } from '../files/regular-file.js';
import { Secret } from '../secret/secret.js';
import { isNeverSent } from './api-error.js';
import { diagnose, missingProfile, tokenFilesOf } from './credentials-diagnosis.js';
import type { Sources } from './credentials-diagnosis.js';

type Sdk = typeof import('./sdk.js');
type Learn = (secret: Secret) => void;

const TOKEN_FILES = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] as const;

/** Credentials that are told to `learn` before anything is signed with them, and whose absence is explained. */
export function watched(
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

/** Why no Region is known: a profile that is named and in no file has none. Null where that is not the reason. */
export async function regionProblem(sdk: Sdk, profile: string | undefined): Promise<string | null> {
  return missingProfile(await sourcesOf(sdk, profile))?.join(' ') ?? null;
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
