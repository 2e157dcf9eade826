import { type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallDraft, type CallLog, type RecordedCall } from './call-log.js';
import { type Fault, type FaultBook } from './faults/fault.js';
import { findFault, holdBack, interfere, restateOperations, withBody } from './faults/interference.js';
import { cutShort, drop, reset, send, type WireRequest } from './http.js';
import { type Answer, type Service, ServiceError } from './service.js';
import { type Account } from './state/account.js';

/**
 * `received` before anything is done, `effect-done` when the service has done its part (or refused), `answered`
 * when the answer is out; a call that ends without an answer never gets there.
 */
export type CallPoint = 'received' | 'effect-done' | 'answered';
export type CallHook = (point: CallPoint, call: RecordedCall) => Promise<void> | void;

export interface Surroundings {
  readonly account: Account;
  readonly log: CallLog;
  readonly faults: FaultBook;
  readonly hooks: ReadonlySet<CallHook>;
  /** Aborted when the emulator closes: nobody waits for a delay any more. */
  readonly closing: AbortSignal;
}

/** One call from its request to its answer, with whatever faults meet it on the way. */
export class Exchange {
  readonly #call: CallDraft;
  #faults: readonly Fault[] = [];

  constructor(
    private readonly service: Service,
    private readonly request: WireRequest,
    private readonly around: Surroundings,
  ) {
    const at = around.account.clock.now();
    this.#call = around.log.open({ service: service.name, ...service.identify(request), at });
  }

  async serve(response: ServerResponse): Promise<void> {
    await this.#pass('received');
    const outcome = await this.#outcome();
    if (outcome === 'drop') drop(response);
    if (outcome === 'reset') reset(response);
    // The client may have gone by itself, too.
    if (outcome === 'drop' || outcome === 'reset' || response.destroyed) {
      this.#finish();
      return;
    }
    const date = findFault(this.#faults, 'date');
    const ahead = date ? date.ms : 0;
    if (ahead === null) {
      response.removeHeader('date');
      response.sendDate = false;
    } else {
      response.setHeader('date', new Date(this.around.account.clock.now().getTime() + ahead).toUTCString());
    }
    const answer = withBody(this.#faults, outcome instanceof ServiceError ? this.#refuse(outcome) : outcome);
    const cut = findFault(this.#faults, 'truncate');
    if (cut) await cutShort(response, answer, cut.framing);
    else await send(response, answer);
    this.#call.status = answer.status;
    this.#finish();
    await this.#pass('answered');
  }

  async #outcome(): Promise<Answer | ServiceError | 'drop' | 'reset'> {
    try {
      this.service.authenticate(this.request);
    } catch (error) {
      // A badly signed request meets no fault and uses none up.
      return toServiceError(error);
    }
    const { faults, closing } = this.around;
    this.#faults = faults.take(this.service.name, this.#call);
    this.#call.faults = this.#faults.map(({ kind }) => kind);
    const foreign = findFault(this.#faults, 'answer');
    if (foreign) {
      return {
        status: foreign.status,
        headers: foreign.headers ?? {},
        body: Buffer.from(foreign.body ?? ''),
      };
    }
    const late = findFault(this.#faults, 'late-effect');
    if (late) {
      void this.#landLater(late.ms);
      return 'drop';
    }
    const before = await interfere(this.#faults, 'before', closing);
    if (before) return before;
    const result = this.#execute();
    await this.#pass('effect-done');
    return (await interfere(this.#faults, 'after', closing)) ?? result;
  }

  #execute(): Answer | ServiceError {
    try {
      const answer = this.service.execute(this.request, this.#call);
      holdBack(this.#faults, this.#call.accessKeyId, this.around.account);
      return restateOperations(this.#faults, answer, this.around.account);
    } catch (error) {
      return toServiceError(error);
    } finally {
      this.around.log.touch();
    }
  }

  async #landLater(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.around.closing });
      this.#execute();
      await this.#pass('effect-done');
    } catch {
      // The emulator closed first: then it never lands.
    }
  }

  #refuse(error: ServiceError): Answer {
    this.#call.errorType = error.type;
    return this.service.refuse(error);
  }

  #finish(): void {
    this.#call.finished = true;
    this.around.log.touch();
  }

  async #pass(point: CallPoint): Promise<void> {
    for (const hook of this.around.hooks) await hook(point, this.#call);
  }
}

/** A defect of the emulator itself is answered like a failure of the service, and never ends the process. */
function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('ServiceException', `The emulator failed: ${String(error)}`, 500);
}
