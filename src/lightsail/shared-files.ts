import { homedir } from 'node:os';
import { join } from 'node:path';
import { NoAnswer } from '../aws/no-answer.js';
import { readRegular, UnfitFile, whyUnfit } from '../files/regular-file.js';
import { pathsOf } from './credentials-diagnosis.js';
import type { Settings } from './settings.js';

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
