import { readdir } from 'node:fs/promises';
import type { AgentOptions } from 'node:https';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { LARGEST_BUNDLE, readRegular } from '../../files/regular-file.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { TlsSettings } from './settings.js';

/** What the environment says of certificates, read from their files. */
export async function tlsOptions(settings: TlsSettings): Promise<AgentOptions> {
  const { certificateFile, keyFile, serverName } = settings;
  const ca = await authorities(settings);
  return {
    ...(ca && { ca }),
    ...(certificateFile && { cert: await read(certificateFile) }),
    ...(keyFile && { key: await read(keyFile) }),
    ...(serverName && { servername: serverName }),
    rejectUnauthorized: !settings.isUnverified,
  };
}

/** Undefined: Node's own. */
async function authorities(settings: TlsSettings): Promise<string[] | undefined> {
  const { caFile, caText, caFolder } = settings;
  if (caFile) return [await read(caFile)];
  if (caText) return [caText];
  return caFolder ? readAll(caFolder) : extra(settings);
}

async function extra({ extraCaFile }: TlsSettings): Promise<string[] | undefined> {
  if (!extraCaFile) return undefined;
  // Like Node, which goes on without a file that it cannot read.
  const text = await readRegular(extraCaFile, LARGEST_BUNDLE).catch(() => null);
  return text === null ? undefined : [...rootCertificates, text];
}

/** Like the CLI, with the folders in it. */
async function readAll(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const texts = entries.map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? readAll(path) : [await read(path)];
    });
    return (await Promise.all(texts)).flat();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function read(path: string): Promise<string> {
  return readRegular(path, LARGEST_BUNDLE).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, error: unknown): DestinationError {
  if (error instanceof DestinationError) return error;
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
  return new DestinationError(
    `${path}, which the environment names for the connection to Vault, cannot be read (${code}).`,
    'Correct VAULT_CACERT, VAULT_CAPATH, VAULT_CLIENT_CERT or VAULT_CLIENT_KEY.',
  );
}
