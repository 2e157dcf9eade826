import type { Http2Session } from 'node:http2';

export interface Limits {
  /** How long the process waits for a client before it ends. */
  readonly connect: number;
  /** How long running calls may take to finish once the client is gone. */
  readonly drain: number;
  /** How long Terraform is given to close the connection after it asked for the shutdown; it kills after 2 s. */
  readonly shutdown: number;
}

/** How often a process without a client looks whether its parent still lives. */
const PARENT_CHECK = 1000;

/** How long the last answers may take to leave the process. */
const FLUSH = 200;

/**
 * Decides when the process ends: when Terraform asks for it, closes the connection, dies or never comes.
 * A running call is told to stop and then given time, so that a step is completed and not cut in the middle.
 */
export class Lifetime {
  readonly #running = new Map<AbortController, Promise<unknown>>();
  readonly #clients = new Set<Http2Session>();
  #stopped = false;
  #leaving = false;

  constructor(
    readonly limits: Limits,
    readonly exit: (reason: string) => void,
  ) {}

  /**
   * Runs a call, and keeps the process alive until it is finished.
   * Its signal is aborted when Terraform stops the provider, gives this one call up, or goes away.
   */
  async run<T>(call: (signal: AbortSignal) => Promise<T>, givenUp: AbortSignal): Promise<T> {
    const controller = new AbortController();
    const abort = () => {
      controller.abort(new Error('Terraform gave the call up.'));
    };
    if (this.#stopped || givenUp.aborted) abort();
    else givenUp.addEventListener('abort', abort, { once: true });
    const running = call(controller.signal);
    this.#running.set(controller, running);
    try {
      return await running;
    } finally {
      this.#running.delete(controller);
    }
  }

  /** Every call so far was answered, and none was asked to stop. */
  get isInOrder(): boolean {
    return !this.#stopped && this.#running.size === 0;
  }

  /** For the calls that run and for any that were already on their way. */
  stop(): void {
    this.#stopped = true;
    for (const controller of this.#running.keys()) {
      controller.abort(new Error('Terraform asked the provider to stop.'));
    }
  }

  /** Ends the process if no client comes, or the parent dies before one does. */
  awaitClient(): void {
    const parent = process.ppid;
    const check = setInterval(() => {
      if (this.#clients.size > 0) clearInterval(check);
      else if (process.ppid !== parent) this.exit('the parent process ended');
    }, PARENT_CHECK);
    setTimeout(() => {
      if (this.#clients.size === 0) this.exit('no client connected');
    }, this.limits.connect).unref();
  }

  /** A connection counts from its first call: a stray one that never makes a call decides nothing. */
  clientCalled(session: Http2Session): void {
    if (this.#clients.has(session)) return;
    this.#clients.add(session);
    session.once('close', () => {
      this.#clients.delete(session);
      if (this.#clients.size === 0) void this.leave('the connection was closed', this.limits.drain);
    });
  }

  /** Terraform closes the connection once it has the answer, which ends the process; this is for when it does not. */
  shutDown(): void {
    this.stop();
    setTimeout(() => {
      this.exit('shut down');
    }, this.limits.shutdown).unref();
  }

  /** Tells running calls to stop, waits for them within the limit, and ends the process. */
  async leave(reason: string, limit: number): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.stop();
    setTimeout(() => {
      this.exit(`${reason}; calls were still running`);
    }, limit);
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
    // A client that is still there gets the answers of those calls, and is told that there will be no more.
    for (const client of this.#clients) client.close();
    setTimeout(
      () => {
        this.exit(reason);
      },
      this.#clients.size > 0 ? FLUSH : 0,
    );
  }
}
