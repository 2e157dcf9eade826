import type { Fault as AwsFault } from '../../../src/emulator/index.js';
import type { Fault } from '../fault-lane.js';
import { errors } from '../vault/answer.js';
import type { Case, Route } from './scenarios.js';

const PORTAL = '<html><body><h1>Sign in to the network</h1></body></html>';
const HTML = { 'content-type': 'text/html' };
const JSON_OF_AWS = { 'content-type': 'application/x-amz-json-1.1' };
const EXPIRED = {
  type: 'ExpiredTokenException',
  status: 400,
  message: 'The security token included in the request is expired',
};

export interface Oddity {
  readonly name: string;
  readonly store: Fault;
  readonly aws: AwsFault;
  /** From that call on, and not at that call alone. */
  readonly lasts?: true;
}

/** What the service, or something on the way to it, says once in place of its answer. */
export const ODDITIES: readonly Oddity[] = [
  ...['', '{}', 'null', PORTAL].map((body) => ({
    name: `${body.slice(0, 6) || 'nothing'}, though it is done`,
    store: { answeredBy: { status: 200, headers: JSON_OF_AWS, body } },
    aws: { kind: 'body', body } as const,
  })),
  {
    name: 'a page of a portal, and nothing is done',
    store: { status: 200, headers: HTML, body: PORTAL },
    aws: { kind: 'answer', status: 200, headers: HTML, body: PORTAL },
  },
  {
    name: 'a page of a gateway, though it is done',
    store: { answeredBy: { status: 502, headers: HTML, body: PORTAL } },
    aws: { kind: 'error', when: 'after', type: 'BadGateway', status: 502 },
  },
  { name: 'no answer, though it is done', store: { drop: 'after' }, aws: { kind: 'drop', when: 'after' } },
  {
    name: 'that the credentials have expired, from then on',
    store: ({ headers }) => ('x-vault-token' in headers ? ENDED_TOKEN : EXPIRED_TOKEN),
    aws: { kind: 'error', when: 'before', ...EXPIRED },
    lasts: true,
  },
];

const [status, body] = errors(403, 'permission denied');
const ENDED_TOKEN = { status, body: JSON.stringify(body) };
const EXPIRED_TOKEN = {
  status: EXPIRED.status,
  headers: JSON_OF_AWS,
  body: JSON.stringify({ __type: EXPIRED.type, message: EXPIRED.message }),
};

export type Side = 'store' | 'aws';

/** Of the destinations that are no server, and of a program that its author wrote, only AWS's answers are odd. */
const SIDES: Partial<Record<Route, readonly Side[]>> = {
  secrets_manager: ['store', 'aws'],
  ssm_parameter: ['store', 'aws'],
  vault_kv: ['store', 'aws'],
  file: ['aws'],
  command: ['aws'],
  terraform_output: ['aws'],
};

/** The rows of the table. */
export const ODD_CASES: readonly Case[] = (Object.keys(SIDES) as Route[]).flatMap((route) =>
  (['create', 'rotate without overlap', 'destroy'] as const).map((scenario) => {
    return { scenario, route, exclusive: false };
  }),
);

/** AWS and a store of AWS know the same credentials: they expire for both. */
export function isOfAws({ route }: Case): boolean {
  return route === 'secrets_manager' || route === 'ssm_parameter';
}

/** One call of a run, and what is said in place of its answer. */
export interface OddPoint extends Case {
  readonly side: Side;
  /** Among the run's calls to that side, counted from 1. */
  readonly nth: number;
  /** Its name in the dry run. */
  readonly operation: string;
  readonly oddity: Oddity;
}

/** The calls of one whole run, in order. */
export type Calls = Readonly<Record<Side, readonly string[]>>;

export function oddPointsOf(of: Case, calls: Calls): OddPoint[] {
  return (SIDES[of.route] ?? []).flatMap((side) =>
    calls[side].flatMap((operation, index) =>
      ODDITIES.map((oddity) => ({ ...of, side, nth: index + 1, operation, oddity })),
    ),
  );
}

export function describeOddPoint({ scenario, route, side, nth, operation, oddity }: OddPoint): string {
  return `${scenario}, ${route}: call ${nth} to ${side} (${operation}) is answered by ${oddity.name}`;
}
