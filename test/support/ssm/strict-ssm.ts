import type { Backend, Exchange, Reply } from '../fault-lane.js';
import { forwardTo } from '../fault-lane.js';
import { Gate } from '../iam/gate.js';
import { gatedKms } from '../iam/gated-kms.js';
import { type Iam, OPERATOR as CALLER } from '../iam/iam.js';
import { KmsKeys } from '../kms.js';
import { Lag } from './lag.js';

type Body = Readonly<Record<string, unknown>>;

/** Calls signed with this ID are the operator's: what its policy does not give is refused. */
export const OPERATOR = CALLER.accessKeyId;

export function actionOf({ headers, body }: Exchange): string {
  const action = headers['x-amz-target']?.split('.').at(-1) ?? '';
  const { Name, ParameterFilters } = JSON.parse(body || '{}') as {
    Name?: string;
    ParameterFilters?: { Values?: string[] }[];
  };
  return `${action} ${Name ?? ParameterFilters?.[0]?.Values?.[0] ?? ''}`;
}

export function ssmError(type: string, message: string, status = 400): Reply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-1' },
    body: JSON.stringify({ __type: type, message }),
  };
}

export function accessDenied(action: string): Reply {
  return ssmError(
    'AccessDeniedException',
    `User: arn:aws:sts::123456789012:assumed-role/operator is not authorized to perform: ssm:${action}`,
  );
}

/** Parameter Store in front of moto: one call at a time, strict where moto is lenient, and behind as `lag` says. */
export function strictSsm(moto: string, iam: Iam, lag = new Lag(forwardTo(moto))): Backend {
  const forward = forwardTo(moto);
  const gate = new Gate(moto, iam);
  const kms = new KmsKeys(moto, iam.region);
  const askedItself = gatedKms(moto, iam);
  let turn: Promise<unknown> = Promise.resolve();
  return (exchange) => {
    if (exchange.headers['x-amz-target']?.startsWith('TrentService.')) return askedItself(exchange);
    const reply = turn.then(
      async () => (await refusalOf(exchange, forward, { gate, kms })) ?? lag.handle(exchange),
    );
    turn = reply.catch(() => undefined);
    return reply;
  };
}

interface Strictness {
  readonly gate: Gate;
  readonly kms: KmsKeys;
}

async function refusalOf(
  exchange: Exchange,
  forward: Backend,
  { gate, kms }: Strictness,
): Promise<Reply | null> {
  const { headers, body } = exchange;
  const target = headers['x-amz-target'] ?? '';
  const call = { target, authorization: headers.authorization, body: JSON.parse(body) as Body };
  const denial = await gate.denialOf(call);
  if (denial !== null) return ssmError('AccessDeniedException', denial);
  if (target.endsWith('.PutParameter')) return refusalOfPut(exchange, forward, kms);
  return target.endsWith('.GetParameter') ? refusalOfGet(exchange, forward, kms) : null;
}

async function refusalOfGet(exchange: Exchange, forward: Backend, kms: KmsKeys): Promise<Reply | null> {
  const { Name = '' } = JSON.parse(exchange.body) as { Name?: string };
  const { KeyId } = (await describe(exchange, forward, Name)) ?? {};
  const refusal = typeof KeyId === 'string' ? await kms.refusalOf(KeyId) : null;
  return refusal === null ? null : ssmError('InvalidKeyId', refusal);
}

async function refusalOfPut(exchange: Exchange, forward: Backend, kms: KmsKeys): Promise<Reply | null> {
  const request = JSON.parse(exchange.body) as Record<string, string>;
  const { Name = '', Value = '', Tier, Type, KeyId, Description = '' } = request;
  if (!/^(\/?[\w.-]+|(\/[\w.-]+){1,15})$/.test(Name)) return invalid(`Parameter name ${Name} is not valid.`);
  if (Name.length + 'arn:aws:ssm:eu-central-1:123456789012:parameter/'.length > 1011) {
    return invalid('The name is too long.');
  }
  if (Description.length > 1024) return invalid('The description is too long.');
  const refusal = KeyId === undefined ? null : await kms.refusalOf(KeyId);
  if (refusal !== null) return ssmError('InvalidKeyId', refusal);
  const largest = Tier === 'Advanced' || Tier === 'Intelligent-Tiering' ? 8192 : 4096;
  if (Buffer.byteLength(Value) > largest) return invalid(`Value '${Value}' is too long.`);
  // Journals are the many, and their type and tier never change.
  const present = Name.endsWith('.lightsail-journal') ? undefined : await describe(exchange, forward, Name);
  if (present && Type !== present.Type) return ssmError('HierarchyTypeMismatchException', 'Another type.');
  if (present?.Tier === 'Advanced' && Tier === 'Standard') return invalid('No way back.');
  return null;
}

function invalid(message: string): Reply {
  return ssmError('ValidationException', message);
}

async function describe(exchange: Exchange, forward: Backend, name: string): Promise<Body | undefined> {
  const body = JSON.stringify({ ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] });
  const headers = { ...exchange.headers, 'x-amz-target': 'AmazonSSM.DescribeParameters' };
  const reply = await forward({ ...exchange, headers, body });
  return (JSON.parse(reply.body) as { Parameters?: Body[] }).Parameters?.[0];
}
