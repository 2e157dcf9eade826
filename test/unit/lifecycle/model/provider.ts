import { Diagnostics } from '../../../../src/plugin/index.js';
import type { CallContext, Diagnostic, ManagedResource, ObjectValue } from '../../../../src/plugin/index.js';
import { bucketAccessKey } from '../../../../src/provider/bucket-access-key/resource.js';
import type { Session } from '../../../../src/provider/session.js';
import * as work from '../../../../src/provider/work.js';
import { hasErrors } from '../../../support/terraform-core/provider.js';
import type {
  Answer,
  Imported,
  Provider,
  Request,
  Result,
} from '../../../support/terraform-core/provider.js';
import type { Process } from './process.js';
import { ModelSession } from './session.js';
import type { Sabotage } from './session.js';

/** The shipped one, whose functions import the code behind them at each call: in Jest that takes a tenth of the time. */
const resource: ManagedResource<Session> = {
  ...bucketAccessKey([]),
  read: work.readKey,
  plan: work.planKey,
  planDestroy: work.planRemoval,
  create: work.createKey,
  update: work.updateKey,
  delete: work.deleteKey,
  import: work.importKey,
};

const silent = () => undefined;
const SILENT = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const CLIENT = { deferralAllowed: false, writeOnlyAttributesAllowed: true };
const CRASHED: Answer<never> = {
  result: null,
  said: [{ severity: 'error', summary: 'The plugin did not respond', detail: '' }],
  threw: null,
};
const SILENCE: Answer<void> = { result: null, said: [], threw: null };

/** The shipped resource in one process of the model. Its calls end with the process. */
export class ModelProvider implements Provider {
  readonly schema = resource.schema;
  readonly #session: ModelSession;

  constructor(
    readonly process: Process,
    sabotage: Sabotage,
  ) {
    this.#session = new ModelSession(process, sabotage);
  }

  get isStopped(): boolean {
    return this.process.signal.aborted;
  }

  /** Another suite's; it counts what the process was shown, and all processes of the model are one. */
  validate(): Promise<Answer<void>> {
    return Promise.resolve(SILENCE);
  }

  read(request: Request<'read'>): Promise<Answer<Result<'read'>>> {
    return this.#call((session, context) => resource.read(request, session, context));
  }

  plan(request: Request<'plan'>): Promise<Answer<Result<'plan'>>> {
    return this.#call((session, context) => resource.plan(request, session, context));
  }

  planDestroy(request: Request<'planDestroy'>): Promise<Answer<Result<'planDestroy'> | undefined>> {
    return this.#call((session, context) => resource.planDestroy?.(request, session, context));
  }

  async create(request: Request<'create'>): Promise<Answer<Result<'create'>>> {
    const answer = await this.#call((session, context) => resource.create(request, session, context));
    if (answer.result?.state && !hasErrors(answer.said)) this.#succeeds(answer.result.state, answer.said);
    return answer;
  }

  async update(request: Request<'update'>): Promise<Answer<Result<'update'>>> {
    const answer = await this.#call((session, context) => resource.update(request, session, context));
    const state = answer.result?.state;
    const isNew = (name: string) => state && state[name] !== null && state[name] !== request.prior[name];
    if (state && isNew('access_key_id')) this.#succeeds(state, answer.said);
    else if (state && isNew('secret_reference')) this.process.history.judge.delivers(state);
    return answer;
  }

  delete(request: Request<'delete'>): Promise<Answer<Result<'delete'>>> {
    return this.#call((session, context) => resource.delete(request, session, context));
  }

  import(id: string): Promise<Answer<Imported>> {
    return this.#call((session, context) => {
      if (!resource.import) throw new Error('It cannot be imported.');
      return resource.import(id, session, context);
    });
  }

  async end(): Promise<void> {
    if (this.process.isDead) return;
    const { endsSlowly } = this.process.history.scenario;
    if (!this.isStopped && !endsSlowly) await this.#call((session) => session.end());
    this.process.end();
  }

  #succeeds(state: ObjectValue, said: readonly Diagnostic[]): void {
    const { history, stack } = this.process;
    history.judge.succeeds(stack, state, said);
  }

  async #call<T>(
    work: (session: ModelSession, context: CallContext) => Promise<T> | undefined,
  ): Promise<Answer<T>> {
    const { process } = this;
    if (process.isDead) return CRASHED;
    const diagnostics = new Diagnostics();
    const context: CallContext = { diagnostics, signal: process.signal, log: SILENT, client: CLIENT };
    const answer = async (): Promise<Answer<T>> => {
      try {
        const result = (await work(this.#session, context)) ?? null;
        return { result, said: diagnostics.items, threw: null };
      } catch (error) {
        return { result: null, said: diagnostics.items, threw: String(error) };
      }
    };
    return new Promise((resolve) => {
      process.onCrash = () => {
        resolve(CRASHED);
      };
      void answer().then(resolve);
    });
  }
}
