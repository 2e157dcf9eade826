import { setTimeout as sleep } from 'node:timers/promises';
import { describeOperation } from '../lightsail-service/operations.js';
import { type Answer, ServiceError } from '../service.js';
import { type Account } from '../state/account.js';
import { type Fault, type Moment } from './fault.js';

/** What a fault makes of a call instead of its answer. */
type Interference = ServiceError | 'drop' | 'reset';

/** Plays the faults of one moment in the order they were added; the first that ends the call wins. */
export async function interfere(
  faults: readonly Fault[],
  when: Moment,
  closing: AbortSignal,
): Promise<Interference | undefined> {
  for (const fault of faults) {
    if (!('when' in fault) || fault.when !== when) continue;
    if (fault.kind === 'delay') await sleep(fault.ms, undefined, { signal: closing });
    else if (fault.kind === 'error') {
      return new ServiceError(fault.type, fault.message ?? 'A fault of the emulator.', fault.status);
    } else return fault.kind;
  }
  return undefined;
}

/** Keeps the key that a call has just made from S3, the lists or deletions, for as long as the faults say. */
export function holdBack(faults: readonly Fault[], accessKeyId: string | undefined, account: Account): void {
  const now = account.clock.now().getTime();
  const shown = findFault(faults, 'key-still-listed');
  if (shown && accessKeyId !== undefined) {
    const { ms = 0, calls = 0, takesSlot = false } = shown;
    for (const bucket of account.buckets) bucket.haunt(accessKeyId, { until: now + ms, calls, takesSlot });
  }
  const key = accessKeyId === undefined ? undefined : account.findKey(accessKeyId)?.key;
  if (!key) return;
  const refusals = faults
    .filter((fault) => fault.kind === 'key-not-accepted')
    .map(({ ms, afterMs = 0, code = 'InvalidAccessKeyId', everyFrontEnd = 1 }) => {
      const from = Date.now() + afterMs;
      return { from, until: from + ms, code, everyFrontEnd };
    });
  // Calls with a key that was made before leave it as it is.
  if (refusals.length > 0) key.refusals = refusals;
  const unlisted = findFault(faults, 'key-not-listed');
  if (unlisted) {
    key.unlistedCalls = unlisted.calls ?? 0;
    key.listedFrom = Math.max(key.listedFrom, now + (unlisted.ms ?? 0));
  }
  const unknown = findFault(faults, 'key-not-known');
  if (unknown) key.knownFrom = Date.now() + unknown.ms;
}

/** The operations in an answer as the faults have them; who asks for one of them later is told the same. */
export function restateOperations(faults: readonly Fault[], answer: Answer, account: Account): Answer {
  const restated = findFault(faults, 'operations');
  if (!restated) return answer;
  const content = JSON.parse(answer.body.toString('utf8')) as {
    readonly operations: readonly { id: string }[];
  };
  const operations = content.operations.map(({ id }) => {
    const record = account.operations.restate(id, restated);
    return record && describeOperation(account, record);
  });
  return { ...answer, body: Buffer.from(JSON.stringify({ ...content, operations })) };
}

/** The answer with another body, where a fault has one. */
export function withBody(faults: readonly Fault[], answer: Answer): Answer {
  const other = findFault(faults, 'body');
  if (!other) return answer;
  const { body, contentType } = other;
  const headers = { ...answer.headers, ...(contentType !== undefined && { 'content-type': contentType }) };
  return { ...answer, headers, body: Buffer.from(body) };
}

export function findFault<K extends Fault['kind']>(
  faults: readonly Fault[],
  kind: K,
): Extract<Fault, { kind: K }> | undefined {
  return faults.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
}
