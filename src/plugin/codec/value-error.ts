import type { Path } from '../provider.js';

/** A value does not have the type that the schema gives it. `path` says where, so that Terraform can point there. */
export class ValueError extends Error {
  override readonly name = 'ValueError';

  constructor(
    message: string,
    readonly path: Path = [],
  ) {
    super(path.length === 0 ? message : `${formatPath(path)}: ${message}`);
  }
}

/** `found` names the kind of what is there instead, never the value, which may be a secret. */
export function misfit(expected: string, path: Path, found?: string): ValueError {
  const article = expected === 'object' ? 'an' : 'a';
  return new ValueError(`${article} ${expected} was expected${found ? `, not ${found}` : ''}`, path);
}

/** The bytes are no well-formed message at all, so there is no place in a value to point at. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

/** A path as Terraform writes it: `rotation.keepers["team"]`, `recipients[2]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (typeof step === 'object') return `[${JSON.stringify(step.key)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
