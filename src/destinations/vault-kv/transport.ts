import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AgentOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer } from '../../aws/no-answer.js';
import { within } from '../../aws/time-limit.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import { Patience } from '../patience.js';
import type { Settings } from './settings.js';
import { tlsOptions } from './tls.js';

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
}

const ATTEMPTS = 5;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;
/** For all calls without an answer together; VAULT_CLIENT_TIMEOUT is for one attempt of one call. */
const PATIENCE = { total: 90_000, least: 10_000 };
const LARGEST_ANSWER = 1024 * 1024;
/** Behind the writer (412), too many (429), a standby (472, 473), sealed or starting (503), or in between (502, 504). */
const PASSING = new Set([412, 429, 472, 473, 500, 502, 503, 504]);
const REDIRECTS = new Set([307, 308]);

/** Vault's HTTP API, patiently: whatever got no answer is sent again, so each call has to bear that. */
export class Transport {
  #agent: Promise<Agent> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly patience = new Patience({
      ...PATIENCE,
      total: Math.max(PATIENCE.total, settings.timeLimit),
    }),
  ) {}

  async send(call: Call): Promise<Answer> {
    try {
      return await this.patience.spend(`${call.method} ${call.path}`, (signal) =>
        this.#untilAnswered(call, signal),
      );
    } catch (error) {
      if (error instanceof DestinationError) throw error;
      throw this.#unreachable(error);
    }
  }

  async #untilAnswered(call: Call, signal: AbortSignal): Promise<Answer> {
    let isRepeated = false;
    for (let attempt = 1; ; attempt++) {
      let pause = FIRST_PAUSE * 2 ** (attempt - 1);
      try {
        const answer = await this.#sendOnce(call, signal);
        if (!PASSING.has(answer.status) || attempt >= ATTEMPTS) return { ...answer, isRepeated };
        isRepeated ||= answer.status >= 500;
        pause = Math.max(pause, answer.retryAfter);
      } catch (error) {
        if (error instanceof DestinationError) throw error;
        if (attempt >= ATTEMPTS || signal.aborted || isUntrusted(error)) throw error;
        isRepeated = true;
      }
      const milliseconds = Math.min(pause, LONGEST_PAUSE) * (0.75 + Math.random() / 2);
      await sleep(milliseconds, undefined, { signal });
    }
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
    const headers = {
      'x-vault-request': 'true',
      ...(token && { 'x-vault-token': token.reveal() }),
      ...(namespace && { 'x-vault-namespace': namespace }),
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
          const { location, 'retry-after': retryAfter } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            body: parsed(received),
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

interface Exchange {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly location: string | undefined;
  readonly retryAfter: number;
}

/** A certificate that does not convince does not do so a moment later. */
function isUntrusted(error: unknown): boolean {
  return /CERT|UNABLE_TO/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** Not every proxy in front of Vault answers in JSON. */
function parsed(received: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(received);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
