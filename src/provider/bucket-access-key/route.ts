import type { DestinationChoice } from '../../destinations/destination-for.js';
import { isFormat } from '../../destinations/formats.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Value } from '../../plugin/index.js';
import { isObject, text } from '../values.js';

/** Null while the route is not wholly known. */
export function routeOf(secret: Value | undefined, currentKey: string | null): DestinationChoice | null {
  if (secret === null || secret === undefined) return { kind: 'none' };
  if (!isObject(secret)) return null;
  if (isObject(secret.terraform_output)) return { kind: 'terraform_output', currentKey };
  if (isObject(secret.file)) {
    const path = text(secret.file.path);
    const format = text(secret.file.format) ?? 'sdk';
    return path === null || secret.file.format === UNKNOWN || !isFormat(format)
      ? null
      : { kind: 'file', path, format };
  }
  return null;
}
