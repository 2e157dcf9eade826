import { DestinationError } from '../../lifecycle/destination.js';
import type { KvApi } from './kv-api.js';
import type { Place } from './place.js';

/** Throws when a pair certainly could not be written. Where Vault does not tell, the write will. */
export async function assertWritable(api: KvApi, place: Place): Promise<void> {
  await assertVersioned(api, place);
  await assertPermitted(api, place);
  const metadata = await api.metadata(place);
  if (metadata?.latest === 'deleted' && metadata.accessKeyId === null) {
    throw new DestinationError(
      `The latest version of ${place.name} (${metadata.version}) was deleted, and can still be brought back: it is not this provider's.`,
      `If nobody needs it: vault kv metadata delete -mount=${place.mount} ${place.path}. Or choose another path.`,
    );
  }
}

/** The same question as the CLI asks before each kv command. */
async function assertVersioned(api: KvApi, { mount }: Place): Promise<void> {
  const { status, body } = await api.send({ method: 'GET', path: `sys/internal/ui/mounts/${mount}` });
  if (status !== 200) return;
  const { type, options } = (body.data ?? {}) as { type?: string; options?: { version?: string } | null };
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
