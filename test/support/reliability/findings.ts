import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { type Case, FIRST_FILE, SECOND_FILE } from './scenarios.js';
import type { Workshop } from './workshop.js';

/** What is left when the runs are over. */
export interface Findings {
  /** Living keys that no state holds with their secret delivered, and that no later run has named. */
  readonly orphans: readonly string[];
  /** Living keys that no state holds with their secret delivered, and that a later run has named. */
  readonly named: readonly string[];
  readonly strangersDeleted: readonly string[];
  /** Whether S3 accepts the delivered pair; null where there is none. */
  readonly accepted: boolean | null;
  /** Pairs that were never promoted, and after a destroy one of a living key. */
  readonly filesLeft: readonly string[];
  /** After a destroy: the pair of a key that is gone, which nobody could use any more. */
  readonly deadPairsLeft: readonly string[];
  /** Entries of the journal that were written and never put in force: no secret, and nobody reads them. */
  readonly draftsLeft: readonly string[];
  /** Whether the state holds a living key whose pair is delivered. */
  readonly delivered: boolean;
}

interface Remains {
  readonly workshop: Workshop;
  readonly emulator: Emulator;
  readonly bucket: string;
  readonly point: Case;
  readonly strangers: readonly EmulatorKey[];
  /** What the runs after the struck one have said. */
  readonly later: readonly string[];
}

export async function examine({
  workshop,
  emulator,
  bucket,
  point,
  strangers,
  later,
}: Remains): Promise<Findings> {
  const living = emulator.keys(bucket);
  const strangerIds = strangers.map((key) => key.accessKeyId);
  const pair = await deliveredPair(workshop);
  const current = living.find(
    (key) => key.accessKeyId === pair?.accessKeyId && key.secretAccessKey === pair.secretAccessKey,
  );
  const loose = living
    .map((key) => key.accessKeyId)
    .filter((id) => id !== current?.accessKeyId && !strangerIds.includes(id));
  const isNamed = (id: string) => later.some((said) => said.includes(id));
  const files = await workshop.outputs();
  const drafts = files.filter((name) => name.includes('-journal-draft-'));
  const pairs = point.scenario === 'destroy' ? files.filter((name) => name === FIRST_FILE) : [];
  const text = pairs.length > 0 ? ((await workshop.output(FIRST_FILE)) ?? '') : '';
  const isLive = (): boolean => living.some((key) => text.includes(key.accessKeyId));
  return {
    orphans: loose.filter((id) => !isNamed(id)),
    named: loose.filter(isNamed),
    strangersDeleted: strangerIds.filter((id) => !living.some((key) => key.accessKeyId === id)),
    accepted: current ? await isAccepted(emulator, bucket, current) : null,
    filesLeft: [...files.filter((name) => name.includes('.lightsail-pending-')), ...(isLive() ? pairs : [])],
    deadPairsLeft: isLive() ? [] : pairs,
    draftsLeft: drafts,
    delivered: current !== undefined,
  };
}

interface Pair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The pair of the state's key, from where the state says that it is; null when there is none. */
async function deliveredPair(workshop: Workshop): Promise<Pair | null> {
  const attributes = await attributesInState(workshop);
  if (!attributes) return null;
  const id = attributes.access_key_id;
  if (typeof id !== 'string') return null;
  if (typeof attributes.secret_access_key === 'string') {
    return { accessKeyId: id, secretAccessKey: attributes.secret_access_key };
  }
  const name = [FIRST_FILE, SECOND_FILE].find((file) => attributes.secret_reference === `out/${file}`);
  const text = name === undefined ? null : await workshop.output(name);
  const pair = text === null ? null : (JSON.parse(text) as Pair);
  return pair?.accessKeyId === id ? pair : null;
}

/** Read from the file: `terraform show` takes as long as a plan. Tainted and deposed objects do not count. */
async function attributesInState(workshop: Workshop): Promise<Readonly<Record<string, unknown>> | null> {
  interface StateFile {
    resources?: {
      instances?: { status?: string; deposed?: string; attributes: Record<string, unknown> }[];
    }[];
  }
  const text = await readFile(join(workshop.terraform.folder, 'terraform.tfstate'), 'utf8').catch(() => '{}');
  // Terraform writes it in place: killed at that, it leaves an empty file.
  const state = JSON.parse(text.trim() || '{}') as StateFile;
  const instances = (state.resources ?? []).flatMap((resource) => resource.instances ?? []);
  return instances.find((instance) => !instance.status && !instance.deposed)?.attributes ?? null;
}

export async function isAccepted(emulator: Emulator, bucket: string, key: EmulatorKey): Promise<boolean> {
  const { accessKeyId, secretAccessKey } = key;
  const client = new S3Client({
    endpoint: emulator.url,
    region: emulator.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}
