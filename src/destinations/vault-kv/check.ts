import { DestinationError } from '../../lifecycle/destination.js';
import type { KvApi } from './kv-api.js';
import type { Place } from './place.js';
import { lifetime } from './secret-metadata.js';

/** Throws when a pair certainly could not be written. Where Vault does not tell, the write will. */
export async function assertWritable(api: KvApi, place: Place): Promise<void> {
  await assertMounted(api, place);
  await assertPermitted(api, place);
  const metadata = await api.metadata(place);
  const after = metadata?.deletesAfter ?? (await mountDeletesAfter(api, place));
  if (after !== null) throw vanishing(place, `after ${after}`);
  if (metadata?.latest === 'deleted' && metadata.accessKeyId === null) {
    throw new DestinationError(
      `The latest version of ${place.name} (${metadata.version}) was deleted, and can still be brought back: it is not this provider's.`,
      `If nobody needs it: vault kv metadata delete -mount=${place.mount} ${place.path}. Or choose another path.`,
    );
  }
}

/** A pair that Vault deletes by itself is none that consumers can rely on. */
export function vanishing({ name, mount }: Place, when: string): DestinationError {
  return new DestinationError(
    `Vault would delete the pair at ${name} by itself ${when}: its mount or path has delete_version_after set.`,
    `Choose a mount and a path without it, or have it set to 0s. "vault read ${mount}/config" and "vault kv metadata get" show it.`,
  );
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
