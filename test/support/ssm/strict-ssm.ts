import type { Backend, Exchange, Reply } from '../fault-lane.js';
import { forwardTo } from '../fault-lane.js';

type Body = Readonly<Record<string, unknown>>;

/** Calls signed with this ID are the operator's: what its policy does not give is refused. */
export const OPERATOR = 'AKIAOPERATOROPERATOR';

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

/** Parameter Store in front of moto: one call at a time, and strict where moto is lenient. */
export function strictSsm(moto: string): Backend {
  const forward = forwardTo(moto);
  let turn: Promise<unknown> = Promise.resolve();
  return (exchange) => {
    const reply = turn.then(async () => (await refusalOf(exchange, forward)) ?? forward(exchange));
    turn = reply.catch(() => undefined);
    return reply;
  };
}

async function refusalOf(exchange: Exchange, forward: Backend): Promise<Reply | null> {
  const [action = '', name = ''] = actionOf(exchange).split(' ');
  if (exchange.headers.authorization?.includes(`Credential=${OPERATOR}/`)) {
    // The live pair cannot be read with this policy: only what is pending, and the journal.
    if (action === 'GetParameter' && !name.includes('.lightsail-pending-')) return accessDenied(action);
    if (action === 'GetParameterHistory' && !name.endsWith('.lightsail-journal')) return accessDenied(action);
  }
  return action === 'PutParameter' ? refusalOfPut(exchange, forward) : null;
}

async function refusalOfPut(exchange: Exchange, forward: Backend): Promise<Reply | null> {
  const request = JSON.parse(exchange.body) as Record<string, string>;
  const { Name = '', Value = '', Tier, Type, KeyId, Description = '' } = request;
  if (!/^(\/?[\w.-]+|(\/[\w.-]+){1,15})$/.test(Name)) return invalid(`Parameter name ${Name} is not valid.`);
  if (Name.length + 'arn:aws:ssm:eu-central-1:123456789012:parameter/'.length > 1011) {
    return invalid('The name is too long.');
  }
  if (Description.length > 1024) return invalid('The description is too long.');
  if (KeyId === 'alias/refused') return ssmError('InvalidKeyId', 'The key is disabled.');
  if (KeyId === 'alias/forbidden') {
    return ssmError(
      'AccessDeniedException',
      'The ciphertext refers to a key that this role may not use: kms:Encrypt',
    );
  }
  if (Value.length > (Tier === 'Advanced' ? 8192 : 4096)) return invalid(`Value '${Value}' is too long.`);
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
