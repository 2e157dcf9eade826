import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Backend = (exchange: Exchange) => Promise<Reply>;

/** Instead of the answer, or in its way. */
export type Fault =
  | { readonly drop: 'before' | 'after' }
  /** The call takes effect, and something in between answers in the store's place. */
  | { readonly answeredBy: Reply }
  | Reply
  | ((exchange: Exchange) => Reply);

/** One call on its way through a lane: the same object at each of its moments. */
export interface LaneCall {
  readonly name: string;
  readonly exchange: Exchange;
  /** Whether it has come to the store: a fault may keep it from there. */
  arrived: boolean;
}

/** As of a call to the emulator; but a call whose caller is gone once it was received takes no effect. */
export type LaneHook = (
  moment: 'received' | 'effect-done' | 'answered',
  call: LaneCall,
) => Promise<void> | void;

interface Planned {
  readonly matches: RegExp;
  readonly fault: Fault;
  times: number;
  /** So many calls pass before the first that is met. */
  skip: number;
}

/** One process's way to a store: notes its calls, and harms them as planned. */
export class FaultLane {
  readonly calls: string[] = [];
  /** Around each call: a process that has died never hears of it. */
  step: <Result>(effect: () => Promise<Result>) => Promise<Result> = (effect) => effect();
  #planned: Planned[] = [];
  readonly #hooks = new Set<LaneHook>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  private constructor(
    private readonly backend: Backend,
    private readonly nameOf: (exchange: Exchange) => string,
  ) {}

  static async open(backend: Backend, nameOf: (exchange: Exchange) => string): Promise<FaultLane> {
    const lane = new FaultLane(backend, nameOf);
    lane.#server.listen(0, '127.0.0.1');
    await once(lane.#server, 'listening');
    return lane;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** For the next calls whose name matches; without a number, for all. */
  plan(matches: RegExp, fault: Fault, times = Infinity): void {
    this.#planned.push({ matches, fault, times, skip: 0 });
  }

  /** For the nth call from now on, counted from 0, and those that follow it. */
  planNth(skip: number, fault: Fault, times = 1): void {
    this.#planned.push({ matches: /./, fault, times, skip });
  }

  clear(): void {
    this.#planned = [];
  }

  /** Runs at three moments of each call, which waits for it: the place to kill a caller. Answers how to stop. */
  onCall(hook: LaneHook): () => void {
    this.#hooks.add(hook);
    return () => {
      this.#hooks.delete(hook);
    };
  }

  /** A call that meets no fault and no hook. */
  deliver(exchange: Exchange): Promise<Reply> {
    return this.backend(exchange);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange: Exchange = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: await text(request),
    };
    const name = this.nameOf(exchange);
    const call: LaneCall = { name, exchange, arrived: false };
    this.calls.push(name);
    const isGone = watchFor(request);
    await this.#pass('received', call);
    if (await isGone()) return;
    const planned = this.#planned.find(
      (each) => each.times > 0 && each.matches.test(name) && each.skip-- <= 0,
    );
    if (planned) planned.times -= 1;
    const reply = await this.step(async () => {
      const answered = await this.#answer(call, planned?.fault);
      await this.#pass('effect-done', call);
      return answered;
    });
    if (!reply) {
      response.destroy();
      return;
    }
    response.writeHead(reply.status, { ...reply.headers });
    await new Promise<void>((resolve) => {
      // A caller that is gone already lets the callback wait for ever.
      response.once('close', resolve);
      response.end(reply.body, resolve);
    });
    await this.#pass('answered', call);
  }

  async #pass(...[moment, call]: Parameters<LaneHook>): Promise<void> {
    for (const hook of this.#hooks) await hook(moment, call);
  }

  async #answer(call: LaneCall, fault: Fault | undefined): Promise<Reply | null> {
    if (typeof fault === 'function') return fault(call.exchange);
    if (fault && 'status' in fault) return fault;
    if (fault && 'drop' in fault && fault.drop === 'before') return null;
    call.arrived = true;
    const reply = await this.backend(call.exchange);
    if (!fault) return reply;
    return 'answeredBy' in fault ? fault.answeredBy : null;
  }
}

/** Answers how to find out whether the caller has gone meanwhile. */
function watchFor({ socket }: IncomingMessage): () => Promise<boolean> {
  let gone = socket.destroyed;
  const note = () => (gone = true);
  socket.once('end', note).once('close', note);
  return async () => {
    // What the kernel knows of a dead caller is heard of in the next turn.
    await turn();
    await turn();
    socket.off('end', note).off('close', note);
    return gone;
  };
}

/** Of each connection's own. */
const OWN = new Set(['host', 'connection', 'content-length']);

/** A server behind its address. */
export function forwardTo(url: string): Backend {
  return async ({ method, path, headers, body }) => {
    const others = Object.entries(headers).filter(([name]) => !OWN.has(name));
    const response = await fetch(url + path, {
      method,
      headers: Object.fromEntries(others),
      ...(body && { body }),
    });
    return {
      status: response.status,
      headers: { 'content-type': response.headers.get('content-type') ?? 'application/json' },
      body: await response.text(),
    };
  };
}
