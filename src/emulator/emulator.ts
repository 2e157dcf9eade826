import { type Server } from 'node:http';
import { CallLog, type RecordedCall } from './call-log.js';
import { type Controlled, routeControl } from './control/routes.js';
import { type CallHook, Exchange, type Surroundings } from './exchange.js';
import { FaultBook } from './faults/fault-book.js';
import { type Fault, type FaultHandle } from './faults/fault.js';
import { send } from './http/answers.js';
import { listen, stop, urlOf } from './http/server.js';
import { LightsailService } from './lightsail-service/service.js';
import { type EmulatorCredentials, type EmulatorOptions, type ListLag, TEST_CREDENTIALS } from './options.js';
import { S3Service } from './s3-service/service.js';
import { type EmulatorKey, type KeyStatus } from './state/access-key.js';
import { Account } from './state/account.js';
import { type Bucket, toEmulatorKey } from './state/bucket.js';
import { Clock } from './state/clock.js';

/** Lightsail's bucket API and S3 for its buckets, on one local port. */
export class Emulator implements Controlled {
  readonly region: string;
  readonly clock: Clock;
  readonly #faults = new FaultBook();
  readonly #account: Account;
  readonly #credentials: readonly EmulatorCredentials[];
  readonly #lightsail: LightsailService;
  readonly #s3: S3Service;
  readonly #log = new CallLog();
  readonly #hooks = new Set<CallHook>();
  readonly #closing = new AbortController();
  #server: Server | undefined;
  #url = '';

  private constructor(options: EmulatorOptions) {
    this.region = options.region ?? 'us-east-1';
    this.clock = new Clock(options.now);
    this.#account = new Account(this.region, this.clock, options.operationMs ?? 200);
    this.#account.lag = options.lag ?? {};
    this.#credentials = options.credentials ?? [TEST_CREDENTIALS];
    this.#lightsail = new LightsailService(this.#account, this.#credentials, options);
    this.#s3 = new S3Service(this.#account, this.#credentials);
    for (const name of options.buckets ?? []) this.createBucket(name);
  }

  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const emulator = new Emulator(options);
    await emulator.#listen(options.port ?? 0, options.host ?? '127.0.0.1');
    return emulator;
  }

  /** Where both services listen. S3 is path style, or virtual-host style when the Host begins with the bucket. */
  get url(): string {
    return this.#url;
  }

  /** What a child process needs to talk to this emulator instead of AWS. */
  get env(): Record<string, string> {
    const [caller] = this.#credentials;
    return {
      AWS_REGION: this.region,
      AWS_ENDPOINT_URL_LIGHTSAIL: this.url,
      AWS_ENDPOINT_URL_S3: this.url,
      ...(caller && { AWS_ACCESS_KEY_ID: caller.accessKeyId, AWS_SECRET_ACCESS_KEY: caller.secretAccessKey }),
      ...(caller?.sessionToken !== undefined && { AWS_SESSION_TOKEN: caller.sessionToken }),
    };
  }

  /** Every call so far. */
  get log(): readonly RecordedCall[] {
    return this.#log.calls;
  }

  /** The first call, past or to come, for which the predicate holds. */
  waitFor(predicate: (call: RecordedCall) => boolean, timeoutMs = 10_000): Promise<RecordedCall> {
    return this.#log.waitFor(predicate, timeoutMs);
  }

  get faults(): { add(fault: Fault): FaultHandle; remove(id: number): boolean; clear(): void } {
    return this.#faults;
  }

  /** Runs at three moments of each call, which waits for it: the place to kill a client. Answers how to stop. */
  onCall(hook: CallHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  get buckets(): readonly string[] {
    return this.#account.buckets.map(({ name }) => name);
  }

  createBucket(name: string): void {
    this.#account.createBucket(name);
  }

  /** The bucket goes with all its keys and objects, as after somebody's forced deletion. */
  deleteBucket(name: string): void {
    this.#account.deleteBucket(this.#bucket(name).name);
  }

  keys(bucket: string): readonly EmulatorKey[] {
    return this.#bucket(bucket).keys.map(toEmulatorKey);
  }

  /** A key made by somebody else, at some earlier time where one is given: it is in no log. */
  makeStrangerKey(bucket: string, createdAt = this.clock.now()): EmulatorKey {
    const owner = this.#bucket(bucket);
    if (!owner.hasFreeSlot(this.clock.now()))
      throw new Error(`The bucket ${bucket} has no slot for another key.`);
    return toEmulatorKey(this.#account.addKey(owner, createdAt));
  }

  /**
   * All keys get so much older, and their last uses with them; the clock stays where it is. With a clock that is moved
   * by more than 15 minutes nothing is due: see docs/rotation.md.
   */
  age(ms: number): void {
    this.#account.age(ms);
  }

  /** Answers how to put the bucket's keys back as they are now, as often as that is wanted. */
  keepKeys(bucket: string): () => void {
    return this.#bucket(bucket).keepKeys();
  }

  deleteKey(bucket: string, accessKeyId: string): void {
    if (!this.#account.removeKey(this.#bucket(bucket), accessKeyId)) throw noKey(bucket, accessKeyId);
  }

  /** How far lists lag behind what happens from now on. */
  setLag(lag: ListLag): void {
    this.#account.lag = lag;
  }

  setStatus(bucket: string, accessKeyId: string, status: KeyStatus): void {
    const key = this.#bucket(bucket).findKey(accessKeyId);
    if (!key) throw noKey(bucket, accessKeyId);
    key.status = status;
  }

  /** Ends every connection, and lets nothing land late any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    const server = this.#server;
    this.#server = undefined;
    if (server) await stop(server);
  }

  async #listen(port: number, host: string): Promise<void> {
    const around: Surroundings = {
      account: this.#account,
      log: this.#log,
      faults: this.#faults,
      hooks: this.#hooks,
      closing: this.#closing.signal,
    };
    this.#server = await listen(
      async (request, response) => {
        if (request.path.startsWith('/_emulator/')) {
          await send(response, routeControl(request, this));
          return;
        }
        const service = this.#lightsail.claims(request) ? this.#lightsail : this.#s3;
        await new Exchange(service, request, around).serve(response);
      },
      () => this.clock.now(),
      port,
      host,
    );
    this.#url = urlOf(this.#server);
  }

  #bucket(name: string): Bucket {
    const bucket = this.#account.findBucket(name);
    if (!bucket) throw new Error(`There is no bucket ${name}.`);
    return bucket;
  }
}

function noKey(bucket: string, accessKeyId: string): Error {
  return new Error(`The bucket ${bucket} has no key ${accessKeyId}.`);
}
