import { READABLE } from '../../destinations/destination-choice.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Diagnostics, ObjectValue, Path, Value } from '../../plugin/index.js';
import { validateRoute } from '../bucket-access-key/validate-route.js';
import { isObject } from '../values.js';

/** Refuses a `secret` from which nothing could ever be read, beside what is wrong for a key too. */
export function validateReadable(secret: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(secret)) return;
  const refusals = Object.entries(secret).flatMap(([name, member]) => refusalOf(name, member) ?? []);
  for (const { summary, detail, path } of refusals) diagnostics.error(summary, detail, ['secret', ...path]);
  if (refusals.length > 0) return;
  // The others are null, or may turn out to be.
  const readable = Object.entries(secret).filter(
    ([name, member]) => member === UNKNOWN || READABLE.some((kind) => kind === name),
  );
  validateRoute(Object.fromEntries(readable), diagnostics);
}

interface Words {
  readonly summary: string;
  readonly detail: string;
  /** Leads on from `secret`. */
  readonly path: Path;
}

function refusalOf(name: string, member: Value): Words | null {
  if (member === null || member === UNKNOWN) return null;
  if (name === 'terraform_output') return OUTPUT;
  if (name === 'command') return COMMAND;
  return isObject(member) && isSealed(member) ? SEALED : null;
}

function isSealed({ age_recipients: recipients }: ObjectValue): boolean {
  return recipients !== undefined && recipients !== null && recipients !== UNKNOWN;
}

const OUTPUT: Words = {
  path: ['terraform_output'],
  summary: 'secret.terraform_output holds no pair that could be read',
  detail: `Under terraform_output the secret of a key is in its own attribute and in no store. No key is affected. Refer to secret_access_key of the key, or send it to one of ${READABLE.join(', ')}.`,
};

const COMMAND: Words = {
  path: ['command'],
  summary: 'secret.command holds no pair that could be read',
  detail: `The pair went to a program of your own, and nobody here can ask it back. No key is affected. Read it with the means of the system that has it, or send the key to one of ${READABLE.join(', ')}.`,
};

const SEALED: Words = {
  path: ['file', 'age_recipients'],
  summary: 'secret.file.age_recipients leaves nothing that could be read',
  detail:
    'With recipients there is only age ciphertext on the disk, which their identities alone open. No key is affected. Decrypt it where such an identity is (age --decrypt), or leave age_recipients out of the key and out of here.',
};
