import { type Backend, forwardTo, type Reply } from '../fault-lane.js';
import { Gate } from './gate.js';
import type { Iam } from './iam.js';

/** KMS as the provider asks it itself, which it may do as far as the policy goes: moto behind IAM. */
export function gatedKms(moto: string, iam: Iam): Backend {
  const forward = forwardTo(moto);
  const gate = new Gate(moto, iam);
  return async (exchange) => {
    const { headers, body } = exchange;
    const denial = await gate.denialOf({
      target: headers['x-amz-target'] ?? '',
      authorization: headers.authorization,
      body: JSON.parse(body) as Readonly<Record<string, unknown>>,
    });
    return denial === null ? forward(exchange) : denied(denial);
  };
}

function denied(message: string): Reply {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: 'AccessDeniedException', message }),
  };
}

/** How a lane to KMS calls what goes through it. */
export function kmsCallOf({ headers }: { readonly headers: Readonly<Record<string, string>> }): string {
  return headers['x-amz-target']?.split('.').at(-1) ?? '';
}
