const ARN = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/;
/** AWS puts it behind the name of each secret in its ARN. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/**
 * The name of the secret that an ID stands for. The reference of a pair there begins with the secret's whole ARN, which
 * alone tells a name that ends like an ARN from one that does not. An ARN of another secret stands for itself.
 */
export function secretNamed(id: string, reference: string | null): string {
  const known = reference?.replace(/:::[^:]*$/, '') ?? '';
  const partial = known.replace(SUFFIX, '');
  const name = ARN.exec(partial)?.[1];
  if (name !== undefined && partial !== known) return [known, partial].includes(id) ? name : id;
  // As AWS reads it: what looks like the six characters of a whole ARN is no part of the name.
  return ARN.exec(id)?.[1]?.replace(SUFFIX, '') ?? id;
}
