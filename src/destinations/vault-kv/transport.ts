import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AgentOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer, within } from '../../aws/no-answer.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import { Patience } from '../patience.js';
import { tlsOptions } from './connection.js';
import type { Settings } from './connection.js';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** An earlier attempt got no answer, and may have done what was asked. */
  readonly isRepeated: boolean;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind `/v1/`. */
  readonly path: string;
  readonly token?: Secret | null;
  readonly body?: object;
  /** Its mount may have been made a moment ago, and be unknown to a node. */
  readonly awaitsMount?: boolean;
}

const ATTEMPTS = 5;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** For all calls without an answer together; VAULT_CLIENT_TIMEOUT is for one attempt of one call. */
const PATIENCE = { total: 90_000, least: 10_000 };
const LARGEST_ANSWER = 1024 * 1024;
/** Too many (429), a standby (472, 473), sealed or starting (503), or in between (502, 504). */
const PASSING = new Set([429, 472, 473, 500, 502, 503, 504]);
/** How long a {@link Delay} is waited for, how often it is looked at, and how often that is said. */
const DELAY = { longest: 20_000, pause: 1000, word: 5000 };
const REDIRECTS = new Set([307, 308]);

interface TransportOptions {
  readonly patience?: Patience | undefined;
  readonly server?: KnownServer;
  /** A line in Terraform's log. */
  readonly log?: ((what: string, facts: Readonly<Record<string, unknown>>) => void) | undefined;
}

/** By `performance.now`. */
interface Waiting {
  readonly began: number;
  said: number;
}

interface Exchange {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly location: string | undefined;
  readonly retryAfter: number;
}

/** Vault's HTTP API, patiently: whatever got no answer is sent again, so each call has to bear that. */
export class Transport {
  #agent: Promise<Agent> | undefined;
  readonly #patience: Patience;
  readonly #server: KnownServer;
  readonly #log: NonNullable<TransportOptions['log']>;

  constructor(
    private readonly settings: Settings,
    { patience, server = new KnownServer(), log = () => undefined }: TransportOptions = {},
  ) {
    const total = Math.max(PATIENCE.total, settings.timeLimit);
    this.#patience = patience ?? new Patience({ ...PATIENCE, total });
    this.#server = server;
    this.#log = log;
  }

  async send(call: Call): Promise<Answer> {
    try {
      return await this.#patience.spend(`${call.method} ${call.path}`, (signal) =>
        this.#untilAnswered(call, signal),
      );
    } catch (error) {
      if (error instanceof DestinationError) throw error;
      throw this.#unreachable(error);
    }
  }

  async #untilAnswered(call: Call, signal: AbortSignal): Promise<Answer> {
    let isRepeated = false;
    let waiting: Waiting | null = null;
    for (let attempt = 1; ; attempt++) {
      let pause = FIRST_PAUSE * 2 ** (attempt - 1);
      try {
        const answer = await this.#sendOnce(call, signal);
        if (answer.status < 300) this.#server.hope(...overBy(call));
        if (isOfIndex(answer) && this.#server.indexes.length > 0) {
          this.#server.forgetIndexes();
          continue;
        }
        const delay = delayIn(call, answer);
        if (delay) {
          waiting ??= { began: performance.now(), said: -Infinity };
          if (!this.#mayWait(call, delay, waiting)) return { ...answer, isRepeated };
          pause = Math.min(pause, DELAY.pause);
        } else {
          if (!PASSING.has(answer.status) || attempt >= ATTEMPTS) return { ...answer, isRepeated };
          isRepeated ||= answer.status >= 500;
          pause = Math.max(pause, answer.retryAfter);
        }
      } catch (error) {
        if (error instanceof DestinationError) throw error;
        if (attempt >= ATTEMPTS || signal.aborted || isUntrusted(error)) throw error;
        isRepeated = true;
      }
      const milliseconds = Math.min(pause, LONGEST_PAUSE) * (0.75 + Math.random() / 2);
      await sleep(milliseconds, undefined, { signal });
    }
  }

  #mayWait({ path }: Call, { why, what }: Delay, waiting: Waiting): boolean {
    const now = performance.now();
    const waited = now - waiting.began;
    if (waited >= DELAY.longest) this.#server.giveUp(what);
    if (this.#server.isHopeless(what)) return false;
    if (now - waiting.said >= DELAY.word) {
      waiting.said = now;
      this.#log('Vault is waited for', { why, path, seconds: Math.round(waited / 1000) });
    }
    return true;
  }

  async #sendOnce(call: Call, signal: AbortSignal): Promise<Exchange> {
    const exchange = (url: URL) =>
      within(`${call.method} ${call.path}`, { milliseconds: this.settings.timeLimit, signal }, (ended) =>
        this.#exchange(url, call, ended),
      );
    const answer = await exchange(this.#url(call.path));
    if (!REDIRECTS.has(answer.status) || !answer.location) return answer;
    // A standby that does not forward names the active node.
    const active = new URL(answer.location, this.settings.address);
    if (active.protocol !== 'https:' && this.settings.address.startsWith('https:')) {
      throw new DestinationError(
        `Vault at ${this.settings.address} leads to ${active.origin}, which is not encrypted.`,
        'Correct the api_addr of that Vault node.',
      );
    }
    return exchange(active);
  }

  async #exchange(url: URL, { method, token, body }: Call, signal: AbortSignal): Promise<Exchange> {
    const content = body && JSON.stringify(body);
    const { address, login, namespace } = this.settings;
    const { indexes } = this.#server;
    const headers = {
      'x-vault-request': 'true',
      ...(token && { 'x-vault-token': token.reveal() }),
      ...(namespace && { 'x-vault-namespace': namespace }),
      ...(indexes.length > 0 && { 'x-vault-index': [...indexes] }),
      ...(content && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
    };
    const isTls = url.protocol === 'https:';
    // Only for whoever was named with it.
    const auth = login && url.origin === new URL(address).origin ? login.reveal() : null;
    const options = { method, headers, signal, ...(auth !== null && { auth }) };
    const request = isTls
      ? httpsRequest(url, { ...options, agent: await (this.#agent ??= this.#makeAgent()) })
      : httpRequest(url, options);
    return new Promise((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        if (Number(response.headers['content-length'] ?? 0) > LARGEST_ANSWER) {
          request.destroy(new Error('The answer is too large.'));
          return;
        }
        text(response).then((received) => {
          const { location, 'retry-after': retryAfter, 'x-vault-index': index } = response.headers;
          if (response.statusCode !== 412) this.#server.answered(indexes, index?.toString());
          const [status, body] = [response.statusCode ?? 0, parsed(received)];
          if (status === 200 && !isOfVault(body)) {
            // The call may have had its effect all the same.
            reject(new NoAnswer(FOREIGN_ANSWER));
            return;
          }
          resolve({
            status,
            body: body ?? {},
            location,
            retryAfter: Number(retryAfter ?? 0) * 1000 || 0,
          });
        }, reject);
      });
      request.end(content);
    });
  }

  #url(path: string): URL {
    const { address } = this.settings;
    if (!/^https?:\/\/[^/]/.test(address) || !URL.canParse(address)) {
      throw new DestinationError(
        `${address} is not the address of a Vault server.`,
        'Give one that begins with https://, in endpoints.vault of the provider block or in VAULT_ADDR.',
      );
    }
    return new URL(`${address}/v1/${path.split('/').map(encodeURIComponent).join('/')}`);
  }

  async #makeAgent(): Promise<Agent> {
    const options: AgentOptions = await tlsOptions(this.settings.tls);
    return new Agent({ ...options, keepAlive: false });
  }

  #unreachable(error: unknown): DestinationError {
    const { code, name } = error as NodeJS.ErrnoException;
    const how = error instanceof NoAnswer ? error.message : `${code ?? name}.`;
    return new DestinationError(
      `Vault at ${this.settings.address} gave no answer that could be used: ${how}`,
      'See that VAULT_ADDR (or endpoints.vault of the provider block) is right and can be reached from here, and VAULT_CACERT where its certificate is not a public one; then apply again.',
    );
  }
}

function isOfIndex({ status, body }: Exchange): boolean {
  return status === 400 && JSON.stringify(body.errors ?? '').includes('X-Vault-Index');
}

/** A certificate that does not convince does not do so a moment later. */
function isUntrusted(error: unknown): boolean {
  return /CERT|UNABLE_TO/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** Something between here and Vault has answered in its place. */
const FOREIGN_ANSWER = "the answer (200) is not Vault's; a portal or a proxy on the way may have given it.";

/** Null for what is no object: not every proxy in front of Vault answers in JSON. */
function parsed(received: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(received);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Of an answer with 200: it has what was asked for, or at least its number, as one that only warns or is wrapped. */
function isOfVault(body: Readonly<Record<string, unknown>> | null): boolean {
  const hasContent = [body?.data, body?.auth].some((part) => typeof part === 'object' && part !== null);
  return hasContent || typeof body?.request_id === 'string';
}

/** Something that passes by itself within seconds, told by an answer to a call that had no effect. */
interface Delay {
  readonly why: string;
  /** What is waited for: once in vain, and not again. */
  readonly what: string;
}

const BEHIND = 'a node that is behind';

/** Null where waiting does not help. */
function delayIn(call: Call, { status, body }: Pick<Answer, 'status' | 'body'>): Delay | null {
  const mount = mountIn(call);
  const said = status === 400 || status === 404 ? JSON.stringify(body.errors ?? '') : '';
  if (status === 412) return { why: 'this node has not yet taken over what was written', what: BEHIND };
  if (status === 400 && /pgrading from non-versioned|Waiting for the primary/i.test(said)) {
    return { why: `mount ${mount} is being upgraded to version 2`, what: `upgrade of ${mount}` };
  }
  // Where the mount may have been made a moment ago; elsewhere it is missing.
  if (status === 404 && call.awaitsMount === true && said.includes('no handler for route')) {
    return { why: `this node does not know mount ${mount} yet`, what: `mount ${mount}` };
  }
  return null;
}

/** What a good answer to this call proves to be over. */
function overBy(call: Call): readonly string[] {
  const mount = mountIn(call);
  return [BEHIND, `upgrade of ${mount}`, `mount ${mount}`];
}

function mountIn({ path }: Call): string {
  return path.replace(/\/(data|metadata|config)(\/.*)?$/, '');
}

/**
 * What this process knows of one server of Vault or OpenBao, by its answers.
 *
 * How far the storage has come stands in their X-Vault-Index. A call that carries it is refused (412) by a standby that
 * is not that far yet, in place of an answer of a moment ago. What an index means is the server's; it stands for
 * everything that its call was sent with.
 */
export class KnownServer {
  /** Several only where calls ran side by side. */
  #indexes: readonly string[] = [];
  readonly #hopeless = new Set<string>();

  /** To be sent with the next call. */
  get indexes(): readonly string[] {
    return this.#indexes;
  }

  answered(sentWith: readonly string[], index: string | undefined): void {
    if (index === undefined || index === '') return;
    const others = this.#indexes.filter((each) => each !== index && !sentWith.includes(each));
    this.#indexes = [index, ...others];
  }

  /** It does not understand its own words: another version, or another server, is behind the address by now. */
  forgetIndexes(): void {
    this.#indexes = [];
  }

  /** Whether it was waited for in vain: each of a dozen calls would wait as long again. */
  isHopeless(what: string): boolean {
    return this.#hopeless.has(what);
  }

  giveUp(what: string): void {
    this.#hopeless.add(what);
  }

  /** It answers as it should. */
  hope(...what: readonly string[]): void {
    for (const each of what) this.#hopeless.delete(each);
  }
}
