import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import type { Store } from '../descriptor.js';
import type { Format } from '../format.js';
import type { Patience } from '../patience.js';
import { foreign, pairIn } from '../read-back.js';
import type { DeliveredPair, ReadBack } from '../read-back.js';
import type { Environment, VaultArguments } from './descriptor.js';
import { VaultJournal } from './journal.js';
import { KvApi, MissingMount, Place, VaultConnections } from './kv-api.js';
import type { ApiOptions } from './kv-api.js';
import { lifetime } from './metadata.js';
import type { SecretMetadata } from './metadata.js';
import { Claims, pairData, pairText, PendingPair, vanishing } from './pairs.js';
import type { Pending } from './pairs.js';

export const open: Store<VaultArguments>['open'] = (
  given,
  { shared, learn, log, vaultAddress: address, isToIssue: awaitsMount },
) =>
  new VaultKvDestination({
    ...given,
    ...{ address, learn, log, awaitsMount },
    connections: shared.part(VaultConnections),
  });

const CLEARINGS = 2;

export interface VaultKvOptions extends ApiOptions {
  readonly mount: string;
  readonly path: string;
  readonly format: Format;
}

/**
 * A secret of a KV v2 mount of Vault or OpenBao. Its custom metadata says whose the pair in it is, which is read only
 * where a run could not find out whether it wrote it.
 */
export class VaultKvDestination implements Destination, ReadBack {
  readonly title: string;
  readonly form: string;
  readonly reference: string;
  readonly waiting: string;
  readonly journal: VaultJournal;
  readonly keepsChanged =
    'as an earlier version, as long as the mount keeps those and until the key is destroyed';
  readonly #api: KvApi;
  readonly #place: Place;
  readonly #format: Format;
  readonly #pending: PendingPair;
  readonly #claims: Claims;
  /** The version that was there when the situation was judged: only as judged may a value of others be replaced. */
  #judged: number | undefined;

  constructor(options: VaultKvOptions, env: Environment = process.env, patience?: Patience) {
    this.#api = new KvApi(options, env, patience);
    this.#place = new Place(options.mount, options.path);
    this.#format = options.format;
    this.#pending = new PendingPair(this.#api, this.#place.pending, options.format);
    this.#claims = new Claims(this.#api, this.#place, this.#pending);
    const { namespace } = this.#api;
    this.form = options.format;
    this.title = `Vault secret ${this.#place.name}${namespace ? ` (namespace ${namespace})` : ''}`;
    this.reference = this.#place.nameIn(namespace);
    const above = new Place(this.#place.mount, '').nameIn(namespace);
    this.waiting = `path = trimprefix(lightsail_bucket_access_key.NAME.secret_reference, "${above}")`;
    this.journal = new VaultJournal(this.#api, this.#place.journal);
  }

  async check(): Promise<void> {
    this.#place.assertValid();
    await assertWritable(this.#api, this.#place);
  }

  async read(): Promise<Holding> {
    const metadata = await this.#settled();
    this.#judged = metadata?.version ?? 0;
    return { current: metadata?.latest === 'readable' ? { accessKeyId: metadata.accessKeyId } : null };
  }

  async stage(pair: KeyPair): Promise<void> {
    const metadata = await this.#settled();
    const current = metadata?.latest === 'readable' ? metadata.accessKeyId : undefined;
    if (current === pair.accessKeyId) return;
    if (current === null && metadata?.version !== this.#judged) throw this.#changedByOthers();
    if (metadata?.deletesAfter) throw vanishing(this.#place, `after ${metadata.deletesAfter}`);
    await this.#pending.write(pair, metadata?.version ?? 0);
  }

  async staged(accessKeyId: string): Promise<Secret | null> {
    return this.#pending.secret(accessKeyId);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const metadata = await this.#metadata();
    const settled = metadata && (await this.#claims.settle(metadata));
    const isCurrent = settled?.latest === 'readable' && settled.accessKeyId === accessKeyId;
    if (!isCurrent) await this.#makeCurrent(accessKeyId, settled);
    else if (metadata?.openClaim) await this.#claims.write(settled);
    // The pair is delivered, whatever becomes of its copy: the next run takes that away.
    await this.#pending.delete(accessKeyId).catch(() => undefined);
    return { reference: this.reference, secret: null };
  }

  async discard(accessKeyId: string): Promise<void> {
    const metadata = await this.#metadata();
    if (metadata?.claim?.accessKeyId === accessKeyId) {
      // Before its copy goes, which proves whose the version is.
      await this.#claims.write((await this.#claims.settle(metadata)).withoutClaim());
    }
    await this.#pending.delete(accessKeyId);
  }

  async readBack(): Promise<DeliveredPair | null> {
    this.#place.assertValid();
    const data = (await this.#api.data(this.#place))?.data ?? null;
    if (data === null) return null;
    const pair = pairIn(pairText(data));
    if (pair) return pair;
    throw foreign(this.title);
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    try {
      return await this.#remove(accessKeyId);
    } catch (error) {
      if (error instanceof MissingMount) return 'absent';
      throw error;
    }
  }

  async #remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const metadata = await this.#settled();
    const isThere = metadata?.latest === 'readable';
    const isOurs = metadata?.accessKeyId === accessKeyId;
    if (isOurs) await this.#api.delete(this.#place);
    await this.#clearJournal(accessKeyId, isOurs || !isThere);
    if (isOurs) return isThere ? 'removed' : 'absent';
    return isThere ? 'not-ours' : 'absent';
  }

  /** Looks again where the journal was written meanwhile: the run that made the key confirms it when it ends. */
  async #clearJournal(accessKeyId: string, isEmpty: boolean): Promise<void> {
    for (let attempt = 1; attempt <= CLEARINGS; attempt++) {
      const record = await recordIn(this.journal);
      const isOver = record?.entry ? markOf(record.entry, accessKeyId) !== null : isEmpty;
      if (!record || !isOver || (await this.journal.clear(record.revision))) return;
    }
  }

  async #makeCurrent(accessKeyId: string, before: SecretMetadata | null): Promise<void> {
    const pending = await this.#pending.find(accessKeyId);
    if (!pending) throw this.#notStaged(accessKeyId);
    if (pending.deletedAt !== null) throw vanishing(this.#place, `at ${pending.deletedAt}`);
    if ((before?.version ?? 0) !== pending.follows) throw this.#changedByOthers();
    const claimed = await this.#claims.make(accessKeyId, before);
    await this.#claims.write(await this.#write(pending, claimed));
  }

  /** Answers the metadata in which the pair's version is confirmed. */
  async #write({ accessKeyId, text, follows }: Pending, claimed: SecretMetadata): Promise<SecretMetadata> {
    const written = await this.#api.write(this.#place, pairData(this.#format, text), follows);
    if (!written.isDoubtful) this.#claims.note(claimed.claim, written.version === null ? 'lost' : 'won');
    if (written.version !== null) return claimed.confirmed();
    const after = await this.#api.metadataOnce(this.#place, (seen) => (seen?.version ?? 0) > follows);
    const settled = after && (await this.#claims.settle(after));
    if (settled?.accessKeyId === accessKeyId) return settled;
    // What another writer wrote must not be taken for ours.
    if (settled) await this.#claims.write(settled.withoutClaim());
    throw this.#changedByOthers();
  }

  async #settled(): Promise<SecretMetadata | null> {
    const metadata = await this.#metadata();
    return metadata && this.#claims.settle(metadata);
  }

  #metadata(): Promise<SecretMetadata | null> {
    this.#place.assertValid();
    return this.#api.metadata(this.#place);
  }

  #changedByOthers(): DestinationError {
    return new DestinationError(
      `${this.title} was changed by another writer and was not overwritten.`,
      'Move that value away or delete it, or choose another path.',
    );
  }

  #notStaged(accessKeyId: string): DestinationError {
    return new DestinationError(
      `The pair of key ${accessKeyId} is not pending at ${this.title}.`,
      'Apply again: a new key is made.',
    );
  }
}

/** Throws when a pair certainly could not be written. Where Vault does not tell, the write will. */
async function assertWritable(api: KvApi, place: Place): Promise<void> {
  await assertMounted(api, place);
  await assertPermitted(api, place);
  const metadata = await api.metadata(place);
  const after = metadata?.deletesAfter ?? (await mountDeletesAfter(api, place));
  if (after !== null) throw vanishing(place, `after ${after}`);
  if (metadata?.latest === 'deleted' && metadata.accessKeyId === null) {
    throw new DestinationError(
      `The latest version of ${place.name} (${metadata.version}) was deleted, and can still be brought back: it is not this provider's.`,
      `If no consumer needs it: vault kv metadata delete -mount=${place.mount} ${place.path}. Or choose another path.`,
    );
  }
}

/** Null where the mount deletes nothing, or this token may not read that. */
async function mountDeletesAfter(api: KvApi, { mount }: Place): Promise<string | null> {
  const { status, body } = await api.send({ method: 'GET', path: `${mount}/config` });
  if (status !== 200) return null;
  return lifetime((body.data as { delete_version_after?: unknown } | undefined)?.delete_version_after);
}

interface MountAnswer {
  /** Of the mount in which the path lies: it may be a shorter one. */
  readonly path?: string;
  readonly type?: string;
  readonly options?: { readonly version?: string } | null;
}

/** The same question as the CLI asks before each kv command. */
async function assertMounted(api: KvApi, { mount, path }: Place): Promise<void> {
  const { status, body } = await api.send({ method: 'GET', path: `sys/internal/ui/mounts/${mount}` });
  if (status !== 200) return;
  const { path: found = mount, type, options } = (body.data ?? {}) as MountAnswer;
  const real = found.replace(/\/+$/, '');
  if (mount.startsWith(`${real}/`)) {
    const rest = mount.slice(real.length + 1).replace(/^(data|metadata)(\/|$)/, '');
    throw new DestinationError(
      `Vault has no mount ${mount}: that path lies in the mount ${real}.`,
      `Give mount = "${real}" and path = "${rest === '' ? path : `${rest}/${path}`}".`,
    );
  }
  if (type === undefined || (/^(kv|generic)$/.test(type) && options?.version === '2')) return;
  throw api.notVersioned(mount);
}

/** All that a key's whole life needs, its destruction included: then it is too late to ask for it. */
async function assertPermitted(api: KvApi, place: Place): Promise<void> {
  const needed: Readonly<Record<string, readonly string[]>> = {
    [place.data]: ['create', 'update'],
    [place.metadata]: ['create', 'read', 'update', 'delete'],
    [place.journal.data]: ['create', 'read', 'update'],
    [place.journal.metadata]: ['delete'],
    [place.pending.data]: ['create', 'read', 'update'],
    [place.pending.metadata]: ['delete'],
  };
  const paths = Object.keys(needed);
  const { status, body } = await api.send({
    method: 'POST',
    path: 'sys/capabilities-self',
    body: { paths },
  });
  if (status !== 200) return;
  const granted = (body.data ?? body) as Readonly<Record<string, readonly string[] | undefined>>;
  const missing = paths.flatMap((path) => {
    const has = granted[path] ?? [];
    const lacks = has.includes('root') ? [] : (needed[path] ?? []).filter((one) => !has.includes(one));
    return lacks.length > 0 ? [{ path, lacks }] : [];
  });
  if (missing.length === 0) return;
  throw new DestinationError(
    `The token of this run lacks ${missing.map(({ path, lacks }) => `${lacks.join(', ')} on ${path}`).join('; ')}.`,
    `Give it a policy with: ${missing.map(({ path }) => `path "${path}" { capabilities = ${JSON.stringify(needed[path])} }`).join(' ')}`,
  );
}
