import type { ObjectValue } from '../../plugin/index.js';
import { bucketAccessKeySchema } from './schema.js';
import { withDefaults } from './state.js';

/**
 * The state of a key that was made by somebody else. Its secret was never routed by this resource and cannot be had,
 * so nothing is said of a destination; a plan then says that the key is due.
 */
export function adoptedState(key: {
  readonly bucket_name: string;
  readonly access_key_id: string;
  readonly status: string | null;
  readonly created_at: string | null;
}): ObjectValue {
  const { attributes, blocks } = bucketAccessKeySchema;
  const nothing = Object.fromEntries(Object.keys({ ...attributes, ...blocks }).map((name) => [name, null]));
  return withDefaults({ ...nothing, ...key });
}
