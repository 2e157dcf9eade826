import type { Fault } from '../fault-lane.js';

/**
 * The answers that no server gives on demand, each with the reason. A lane gives them in its stead, before the stand-in
 * and before a real server alike; so no test is left out on either. Whatever else a test needs it brings about on the
 * server itself, through its {@link Operator}. That an answer gets lost is no answer: a lane drops it.
 */
export const PLAYED = {
  /** Load comes when it comes, and a quota would count the calls of other tests, too. */
  throttled: { status: 429, body: '{"errors":["request path quota exceeded"]}' },
  /** A server restarts for everybody. */
  restarting: { status: 503, body: 'busy' },
  /** What went wrong within is of no test's making. */
  broken: { status: 500, body: 'busy' },
  /** A standby that lags behind needs a cluster, and the right moment. */
  notThereYet: { status: 404, body: '{"errors":[]}' },
  /** The same of a version. */
  earlierVersion: {
    status: 200,
    body: JSON.stringify({ data: { data: { theirs: 'yes' }, metadata: { version: 0 } } }),
  },
  /** A write of custom metadata to a Vault before 1.9, which takes it and keeps nothing: no such Vault is at hand. */
  takenAndNotKept: { status: 204, body: '' },
  /** An engine is upgraded, and a mount is new to a standby, in a moment that no test can hold. */
  refusing: (status: number, words: string) => ({ status, body: JSON.stringify({ errors: [words] }) }),
  /** No server is known to do so; a plugin or a proxy might. */
  quoting: (secret: string) => ({ status: 400, body: JSON.stringify({ errors: [`bad value ${secret}`] }) }),
} as const satisfies Readonly<Record<string, Fault | ((...texts: never[]) => Fault)>>;
