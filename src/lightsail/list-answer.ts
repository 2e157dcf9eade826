import { NoAnswer } from '../aws/no-answer.js';
import { NoList } from '../lifecycle/ports.js';
import { timeIn } from '../lifecycle/service-time.js';
import type { ServiceTime } from '../lifecycle/service-time.js';
import type { Pace } from './pace.js';

/** Between three questions, which with their answers take less than five seconds: a replica may know better by then. */
const PAUSES = [500, 1500];

interface Response {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/**
 * The answer to a call that lists something, looked at before the SDK makes an object of it: for the SDK an empty body,
 * an answer without the list and an empty list are the same.
 */
export class ListAnswer {
  #time: ServiceTime | null = null;

  constructor(
    private readonly operation: string,
    private readonly member: string,
    /** The member of each element that names it. */
    private readonly name: string,
  ) {}

  /** The service's own time, as far as the answer has told it. */
  get time(): ServiceTime {
    return this.#time ?? timeIn(undefined);
  }

  /** A middleware for the last step before the wire. Throws {@link NoList}, or NoAnswer for what is no answer. */
  readonly watch = <Input, Output>(next: (input: Input) => Promise<Output>) => {
    return async (input: Input): Promise<Output> => {
      const result = await next(input);
      const { response } = result as { readonly response: Response };
      this.#time = timeIn(response.headers?.date);
      if (response.statusCode < 300) {
        const body = await whole(response.body);
        this.#judge(body.toString('utf8'));
        response.body = body;
      }
      return result;
    };
  };

  #judge(body: string): void {
    if (body.trim() === '') throw this.#no('an empty body');
    const content = parsed(body);
    if (content === undefined) throw this.#no('something that is not JSON');
    if (!isObject(content)) throw this.#no('another shape than an object');
    const list = content[this.member] ?? null;
    if (list === null) {
      throw new NoList(`${this.operation} was answered without ${this.member}.`, this.time);
    }
    const isNamed = (item: unknown) =>
      isObject(item) && typeof item[this.name] === 'string' && item[this.name] !== '';
    if (!Array.isArray(list) || !list.every(isNamed)) {
      throw this.#no(`another shape than a list of ${this.member}`);
    }
  }

  #no(what: string): NoAnswer {
    return new NoAnswer(`${this.operation} was answered with ${what}.`, 'soon');
  }
}

/** Asks three times in all as long as the answer has no list. */
export async function insistOnList<T>(
  ask: () => Promise<T>,
  pace: Pick<Pace, 'pause'>,
  signal?: AbortSignal,
): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NoList)) throw error;
    }
    await pace.pause(pause, signal);
  }
  return ask();
}

async function whole(body: Response['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
