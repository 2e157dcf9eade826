import { randomUUID } from 'node:crypto';
import { type Clock } from './clock.js';

export const OPERATION_STATUSES = ['NotStarted', 'Started', 'Failed', 'Completed', 'Succeeded'] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** What has become of an operation. */
export interface Outcome {
  readonly status: OperationStatus;
  readonly errorCode?: string;
}

export interface OperationRecord {
  readonly id: string;
  readonly resourceName: string;
  readonly operationType: string;
  readonly operationDetails: string;
  readonly createdAt: Date;
  /** Real time in milliseconds, so that moving the clock does not finish operations by itself. */
  readonly settlesAt: number;
  /** What a fault says of it, at any time. */
  outcome?: Outcome;
}

/**
 * The operations that changing calls report. They are "Started" at first and "Succeeded" a little later, so a
 * client that takes the first answer for the last one is found out.
 */
export class OperationBook {
  readonly #records: OperationRecord[] = [];

  constructor(
    readonly region: string,
    private readonly clock: Clock,
    private readonly settleMs: number,
  ) {}

  start(operationType: string, resourceName: string, operationDetails = ''): OperationRecord {
    const record: OperationRecord = {
      id: randomUUID(),
      resourceName,
      operationType,
      operationDetails,
      createdAt: this.clock.now(),
      settlesAt: Date.now() + this.settleMs,
    };
    this.#records.push(record);
    return record;
  }

  find(id: string): OperationRecord | undefined {
    return this.#records.find((record) => record.id === id);
  }

  /** Undefined where there is no such operation. */
  restate(id: string, { status, errorCode }: Outcome): OperationRecord | undefined {
    const record = this.find(id);
    if (record) record.outcome = { status, ...(errorCode !== undefined && { errorCode }) };
    return record;
  }

  ofResource(resourceName: string): readonly OperationRecord[] {
    return this.#records.filter((record) => record.resourceName === resourceName).reverse();
  }
}
