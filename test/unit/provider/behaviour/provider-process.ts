import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { CallContext, ManagedResource, ObjectValue } from '../../../../src/plugin/index.js';
import type {
  Answer,
  Imported,
  Provider,
  Request,
  Result,
} from '../../../support/terraform-core/provider.js';
import { carried, UNKNOWN as UNKNOWN_HERE } from '../../../support/terraform-core/values.js';

type Entry = typeof import('./provider-entry.js');
type Loader = (require: NodeJS.Require, module: { exports: unknown }, date: DateConstructor) => void;
type Session = Awaited<ReturnType<ReturnType<Entry['lightsailProvider']>['configure']>>;
type Resource = ManagedResource<Session>;

let loader: Loader | undefined;

/**
 * The provider's code with module state of its own, as Terraform starts a process of it. One bundle is compiled once
 * and run for each: modules that jest isolates would be compiled anew, a hundred times slower. The packages are shared.
 */
function load(now: () => Date): Entry {
  loader ??= compile();
  const module: { exports: unknown } = { exports: {} };
  loader(require, module, clockOf(now));
  return module.exports as Entry;
}

/** This machine's clock goes with AWS's: where the two differ nothing is due. */
function clockOf(now: () => Date): DateConstructor {
  return new Proxy(Date, {
    construct: (date, values) => Reflect.construct(date, values.length === 0 ? [now()] : values) as Date,
    get: (date, name) => (name === 'now' ? () => now().getTime() : (Reflect.get(date, name) as unknown)),
  });
}

/** By esbuild's program: its API refuses to run in Jest's sandbox, which has another Uint8Array. */
function compile(): Loader {
  const code = execFileSync(
    require.resolve('esbuild/bin/esbuild'),
    [
      join(__dirname, 'provider-entry.ts'),
      '--bundle',
      '--platform=node',
      '--target=node20',
      '--format=cjs',
      '--packages=external',
      '--supported:dynamic-import=false',
      '--log-level=error',
    ],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- The point: the same code, run afresh.
  return new Function('require', 'module', 'Date', `let exports = module.exports;\n${code}`) as Loader;
}

/** One configured provider process, and Terraform's calls to it about a bucket access key. */
export class ProviderProcess implements Provider {
  readonly #entry: Entry;
  readonly #provider: ReturnType<Entry['lightsailProvider']>;
  readonly #resource: Resource;
  readonly #session: Promise<Session>;

  constructor(providerConfig: ObjectValue, now: () => Date) {
    this.#entry = load(now);
    this.#provider = this.#entry.lightsailProvider(new this.#entry.Redactor());
    this.#resource = this.#provider.resources.lightsail_bucket_access_key as Resource;
    const config = this.#inward(providerConfig);
    this.#session = this.#provider.configure(config, '1.11.4', this.#context(new this.#entry.Diagnostics()));
  }

  get schema(): Resource['schema'] {
    return this.#resource.schema;
  }

  validate(config: ObjectValue): Promise<Answer<void>> {
    return this.#call((_, context) =>
      Promise.resolve(this.#resource.validate?.(this.#inward(config), context)),
    );
  }

  read(request: Request<'read'>): Promise<Answer<Result<'read'>>> {
    return this.#call((session, context) => this.#resource.read(this.#inward(request), session, context));
  }

  plan(request: Request<'plan'>): Promise<Answer<Result<'plan'>>> {
    return this.#call((session, context) => this.#resource.plan(this.#inward(request), session, context));
  }

  planDestroy(request: Request<'planDestroy'>): Promise<Answer<Result<'planDestroy'> | undefined>> {
    return this.#call((session, context) =>
      Promise.resolve(this.#resource.planDestroy?.(this.#inward(request), session, context)),
    );
  }

  create(request: Request<'create'>): Promise<Answer<Result<'create'>>> {
    return this.#call((session, context) => this.#resource.create(this.#inward(request), session, context));
  }

  update(request: Request<'update'>): Promise<Answer<Result<'update'>>> {
    return this.#call((session, context) => this.#resource.update(this.#inward(request), session, context));
  }

  delete(request: Request<'delete'>): Promise<Answer<Result<'delete'>>> {
    return this.#call((session, context) => this.#resource.delete(this.#inward(request), session, context));
  }

  import(id: string): Promise<Answer<Imported>> {
    return this.#call((session, context) => {
      if (!this.#resource.import) throw new Error('It cannot be imported.');
      return this.#resource.import(id, session, context);
    });
  }

  async end(): Promise<void> {
    await this.#session;
    await this.#provider.end?.();
  }

  async #call<T>(work: (session: Session, context: CallContext) => Promise<T>): Promise<Answer<T>> {
    const diagnostics = new this.#entry.Diagnostics();
    try {
      const result = await work(await this.#session, this.#context(diagnostics));
      return { result: this.#outward(result), said: diagnostics.items, threw: null };
    } catch (error) {
      return { result: null, said: diagnostics.items, threw: String(error) };
    }
  }

  #context(diagnostics: CallContext['diagnostics']): CallContext {
    const silent = () => undefined;
    return {
      diagnostics,
      signal: new AbortController().signal,
      log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
      client: { deferralAllowed: false, writeOnlyAttributesAllowed: true },
    };
  }

  #inward<T>(value: T): T {
    return carried(value, UNKNOWN_HERE, this.#entry.UNKNOWN);
  }

  #outward<T>(value: T): T {
    return carried(value, this.#entry.UNKNOWN, UNKNOWN_HERE);
  }
}
