import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Gate } from '../iam/gate.js';
import { type Iam, OPERATOR as CALLER } from '../iam/iam.js';
import { KmsKeys } from '../kms.js';
import { Backend, versionWith } from './backend.js';
import type { Body } from './backend.js';
import { Faults } from './faults.js';
import { ServiceError } from './service-error.js';
import { answer } from './strictness.js';

export interface Call {
  readonly action: string;
  readonly body: Body;
}

/** Calls signed with this ID are the operator's: it may do what the policy gives, and read no version but the journal's. */
export const OPERATOR = CALLER.accessKeyId;

/** Secrets Manager in front of moto: one call at a time, strict where moto is lenient, and faulty on demand. */
export class StrictProxy {
  readonly faults = new Faults();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #everCurrent = new Map<string, string[]>();
  readonly #kms: KmsKeys;
  #calls: Call[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly moto: string,
    private readonly gate: Gate,
    region: string,
  ) {
    this.#kms = new KmsKeys(moto, region);
  }

  static async start(moto: string, iam: Iam): Promise<StrictProxy> {
    const proxy = new StrictProxy(moto, new Gate(moto, iam), iam.region);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The operator's calls since the last time. */
  takeCalls(): readonly Call[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** All that a consumer of the secret could ever have read as its current value. */
  everCurrent(arn: string): readonly string[] {
    return this.#everCurrent.get(arn) ?? [];
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(request.headers['x-amz-target']);
    const action = target.split('.').at(-1) ?? '';
    const authorization = request.headers.authorization ?? '';
    const body = JSON.parse(await text(request)) as Body;
    const isOperator = authorization.includes(`Credential=${OPERATOR}/`);
    if (isOperator) this.#calls.push({ action, body });
    const fault = isOperator ? this.faults.next(action) : null;
    if (fault?.kind === 'drop' && fault.when === 'before') {
      response.destroy();
      return;
    }
    if (fault?.kind === 'answer') {
      reply(response, 200, fault.body);
      return;
    }
    try {
      if (fault?.kind === 'refuse')
        throw new ServiceError(fault.error, fault.message ?? `${action} is refused.`);
      if (fault?.kind === 'meanwhile') await fault.happens();
      const denial = await this.gate.denialOf({ target, authorization, body });
      if (denial !== null) throw new ServiceError('AccessDeniedException', denial);
      const headers = { authorization, 'content-type': 'application/x-amz-json-1.1' };
      const answered = await this.#inTurn(() => this.#perform(new Backend(this.moto, headers), action, body));
      if (fault?.kind === 'drop') response.destroy();
      else reply(response, 200, answered);
    } catch (error) {
      const { type, message, status } =
        error instanceof ServiceError ? error : new ServiceError('InternalServiceError', String(error), 500);
      reply(response, status, { __type: type, message });
    }
  }

  async #perform(backend: Backend, action: string, body: Body): Promise<Body> {
    const answered = await answer(backend, this.#kms, action, body);
    const arn = String(answered.ARN);
    if (!this.#everCurrent.has(arn) || mayMoveCurrent(action, body)) await this.#note(backend, arn);
    return answered;
  }

  async #note(backend: Backend, arn: string): Promise<void> {
    const secret = await backend.describe(arn);
    const version = versionWith(secret, 'AWSCURRENT');
    if (version === null) return;
    const value = await backend.valueOf(arn, version);
    const values = this.#everCurrent.get(arn) ?? [];
    if (values.at(-1) !== value) this.#everCurrent.set(arn, [...values, value]);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function mayMoveCurrent(action: string, body: Body): boolean {
  const labels = body.VersionStages as readonly unknown[] | undefined;
  if (action === 'PutSecretValue') return labels?.includes('AWSCURRENT') ?? true;
  return action === 'UpdateSecretVersionStage' && body.VersionStage === 'AWSCURRENT';
}

function reply(response: ServerResponse, status: number, body: Body): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': 'request-1',
  });
  response.end(JSON.stringify(body));
}
