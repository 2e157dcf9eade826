import { DestinationError } from '../../lifecycle/destination.js';
import type { Answer, Call } from './transport.js';

const NEEDED = { GET: 'read', POST: 'create and update', DELETE: 'delete' } as const;

/** The mount or its namespace is not there, and with it whatever lay in it. */
export class MissingMount extends DestinationError {}

/** The token's policies do not give the right to this call. */
export class NotPermitted extends DestinationError {}

/** What an answer other than the expected one means. Of Vault's own words nothing is shown: they could quote a value. */
export function refused({ method, path }: Call, { status, body }: Answer, address: string): DestinationError {
  const where = `${path} at ${address}`;
  switch (status) {
    case 403:
      return new NotPermitted(
        `Vault does not permit ${NEEDED[method]} on ${where} (403).`,
        `Give a policy of the token: path "${path}" { capabilities = ${listOf(NEEDED[method])} }. If it has one, the token may be invalid or expired, or of another namespace.`,
      );
    case 404:
      return new MissingMount(
        `Vault knows no ${where} (404).`,
        'See that the mount and the namespace are right, and that the mount is a KV engine of version 2.',
      );
    case 429:
    case 472:
    case 473:
      return new DestinationError(
        `Vault throttled the call to ${where}, or answers as a standby (${status}).`,
        'Apply again in a moment, or give the address of the active node.',
      );
    case 503:
      return new DestinationError(
        `Vault at ${address} is sealed or not ready (503).`,
        'Have it unsealed, then apply again.',
      );
    default:
      return new DestinationError(
        `Vault refused ${method} ${where} (${status}${isUpgrading(body) ? ', the mount is being upgraded' : ''}).`,
        'Apply again; if it stays, look the request up in the audit log of Vault.',
      );
  }
}

/** Nothing was written: the current version is another one. */
export function isMismatch({ status, body }: Answer): boolean {
  return (
    status === 400 && JSON.stringify(body.errors ?? '').includes('check-and-set parameter did not match')
  );
}

function isUpgrading(body: Answer['body']): boolean {
  return JSON.stringify(body.errors ?? '').includes('pgrading from non-versioned');
}

function listOf(words: string): string {
  return JSON.stringify(words.split(' and '));
}
