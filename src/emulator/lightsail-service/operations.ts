import { type Account } from '../state/account.js';
import { type OperationRecord, type OperationStatus } from '../state/operations.js';
import { type Context } from './context.js';
import { epochSeconds, required, string } from './wire.js';

export function getOperation({ account, input, gone }: Context): unknown {
  const id = required(string(input, 'operationId'), 'operationId');
  const record = account.operations.find(id);
  if (!record) throw gone('Operation', id);
  return { operation: describeOperation(account, record) };
}

export function getOperationsForResource({ account, input }: Context): unknown {
  const name = required(string(input, 'resourceName'), 'resourceName');
  const records = account.operations.ofResource(name);
  return { operations: records.map((record) => describeOperation(account, record)) };
}

export function describeOperation(account: Account, record: OperationRecord): unknown {
  const settled = Date.now() >= record.settlesAt;
  const { status, errorCode = '' } = record.outcome ?? { status: settled ? 'Succeeded' : 'Started' };
  return {
    id: record.id,
    resourceName: record.resourceName,
    resourceType: 'Bucket',
    createdAt: epochSeconds(record.createdAt),
    location: { availabilityZone: 'all', regionName: account.region },
    isTerminal: TERMINAL.includes(status),
    operationDetails: record.operationDetails,
    operationType: record.operationType,
    status,
    statusChangedAt: epochSeconds(settled ? account.clock.now() : record.createdAt),
    errorCode,
    errorDetails: '',
  };
}

const TERMINAL: readonly OperationStatus[] = ['Failed', 'Completed', 'Succeeded'];
