import { type Server } from 'node:http';
import { CallLog, type RecordedCall } from './call-log.js';
import { type Controlled, routeControl } from './control/routes.js';
import { type CallHook, Exchange, type Surroundings } from './exchange.js';
import { type Fault, FaultBook, type FaultHandle } from './faults/fault.js';
import { listen, send, stop, urlOf, type WireRequest } from './http.js';
import { LightsailService } from './lightsail-service/service.js';
import { type EmulatorCredentials, type EmulatorOptions, type ListLag, TEST_CREDENTIALS } from './options.js';
import { S3Service } from './s3-service/service.js';
import { readClaim } from './sigv4.js';
import { type EmulatorKey, type KeyStatus } from './state/access-key.js';
import { Account } from './state/account.js';
import { type Bucket, toEmulatorKey } from './state/bucket.js';
import { Clock } from './state/clock.js';

/** Lightsail's bucket API and S3 for its buckets, on one local port. */
export class Emulator implements Controlled {
  readonly region: string;
  readonly clock: Clock;
  readonly #faults = new FaultBook();
  /** `region` first. */
  readonly #regions: readonly Region[];
  readonly #credentials: readonly EmulatorCredentials[];
  readonly #log = new CallLog();
  readonly #hooks = new Set<CallHook>();
  readonly #closing = new AbortController();
  #server: Server | undefined;
  #url = '';

  private constructor(options: EmulatorOptions) {
    this.region = options.region ?? 'us-east-1';
    this.clock = new Clock(options.now);
    this.#credentials = options.credentials ?? [TEST_CREDENTIALS];
    this.#regions = [...new Set([this.region, ...(options.regions ?? [])])].map((name) => {
      const account = new Account(name, this.clock, options.operationMs ?? 200);
      account.lag = options.lag ?? {};
      return {
        account,
        lightsail: new LightsailService(account, this.#credentials, options),
        s3: new S3Service(account, this.#credentials),
      };
    });
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
      // A new key is known here at once, or as unevenly as a test wants it: then the test says how long to wait.
      LIGHTSAIL_S3_SPREAD_MS: '0',
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
    return [...new Set(this.#accounts.flatMap(({ buckets }) => buckets.map(({ name }) => name)))].sort();
  }

  /** In each region. */
  createBucket(name: string): void {
    for (const account of this.#accounts) account.createBucket(name);
  }

  /** The bucket goes with all its keys and objects, as after somebody's forced deletion. */
  deleteBucket(name: string): void {
    for (const { account } of this.#homesOf(name)) account.deleteBucket(name);
  }

  /** Of each region. */
  keys(bucket: string): readonly EmulatorKey[] {
    return this.#homesOf(bucket).flatMap(({ bucket: { keys } }) => keys.map(toEmulatorKey));
  }

  /** A key made by somebody else, at some earlier time where one is given: it is in no log. */
  makeStrangerKey(bucket: string, createdAt = this.clock.now()): EmulatorKey {
    const [{ account, bucket: owner }] = this.#homesOf(bucket);
    if (!owner.hasFreeSlot(this.clock.now()))
      throw new Error(`The bucket ${bucket} has no slot for another key.`);
    return toEmulatorKey(account.addKey(owner, createdAt));
  }

  /**
   * All keys get so much older, and their last uses with them; the clock stays where it is. With a clock that is moved
   * by more than 15 minutes nothing is due: see docs/rotation.md.
   */
  age(ms: number): void {
    for (const account of this.#accounts) account.age(ms);
  }

  /** Answers how to put the bucket's keys back as they are now, as often as that is wanted. */
  keepKeys(bucket: string): () => void {
    const restores = this.#homesOf(bucket).map((home) => home.bucket.keepKeys());
    return () => {
      for (const restore of restores) restore();
    };
  }

  deleteKey(bucket: string, accessKeyId: string): void {
    const isRemoved = this.#homesOf(bucket).some((home) => home.account.removeKey(home.bucket, accessKeyId));
    if (!isRemoved) throw noKey(bucket, accessKeyId);
  }

  /** How far lists lag behind what happens from now on. */
  setLag(lag: ListLag): void {
    for (const account of this.#accounts) account.lag = lag;
  }

  setStatus(bucket: string, accessKeyId: string, status: KeyStatus): void {
    const [key] = this.#homesOf(bucket).flatMap((home) => home.bucket.findKey(accessKeyId) ?? []);
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
    const around: Omit<Surroundings, 'account'> = {
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
        const { account, lightsail, s3 } = this.#regionOf(request);
        const service = lightsail.claims(request) ? lightsail : s3;
        await new Exchange(service, request, { ...around, account }).serve(response);
      },
      () => this.clock.now(),
      port,
      host,
    );
    this.#url = urlOf(this.#server);
  }

  get #accounts(): readonly Account[] {
    return this.#regions.map(({ account }) => account);
  }

  /** For which a request is signed; `region`, which refuses it, for any that is not served. */
  #regionOf(request: WireRequest): Region {
    const [home] = this.#regions;
    const signedFor = this.#regions.length > 1 ? signedRegion(request) : undefined;
    const found = this.#regions.find(({ account }) => account.region === signedFor) ?? home;
    if (!found) throw new Error('There is always a region.');
    return found;
  }

  /** The bucket of that name in each region that has one. */
  #homesOf(name: string): readonly [Home, ...Home[]] {
    const [home, ...others] = this.#accounts.flatMap((account) => {
      const bucket = account.findBucket(name);
      return bucket ? [{ account, bucket }] : [];
    });
    if (!home) throw new Error(`There is no bucket ${name}.`);
    return [home, ...others];
  }
}

/** What one region holds, and what is called there. */
interface Region {
  readonly account: Account;
  readonly lightsail: LightsailService;
  readonly s3: S3Service;
}

interface Home {
  readonly account: Account;
  readonly bucket: Bucket;
}

function signedRegion(request: WireRequest): string | undefined {
  try {
    return readClaim(request).region;
  } catch {
    return undefined;
  }
}

function noKey(bucket: string, accessKeyId: string): Error {
  return new Error(`The bucket ${bucket} has no key ${accessKeyId}.`);
}
