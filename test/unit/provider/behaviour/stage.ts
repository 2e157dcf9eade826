import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../../src/emulator/index.js';
import type { EmulatorKey } from '../../../../src/emulator/index.js';
import type { ObjectValue } from '../../../../src/plugin/index.js';
import { useOnS3 } from '../../../support/s3-consumer.js';
import { BUCKET, configOf } from './arguments.js';
import type { Arguments } from './arguments.js';
import { Core } from '../../../support/terraform-core/core.js';
import type { PlanOptions } from '../../../support/terraform-core/plan-once.js';
import { BEGINNING, Names } from './names.js';
import { providerConfig } from './provider-config.js';
import { ProviderProcess } from './provider-process.js';

const HOUR = 3_600_000;

/** The IDs carry account 111111111111 and account 222222222222, as AWS's do. */
const CALLERS = [
  { accessKeyId: 'AKIARTXV5AHDQAAAAAAA', secretAccessKey: 'one/of+the+accounts/secrets000000000000' },
  { accessKeyId: 'AKIATHPL2AOHAAAAAAAA', secretAccessKey: 'the/other+account/secret0000000000000000' },
] as const;

/** One case's world: a bucket and its keys, a folder, the author's arguments, and Terraform. */
export class Stage {
  readonly core: Core<ProviderProcess>;
  readonly names: Names;
  /** What the author wants; a case changes it. */
  wants: Arguments | null;
  /** What it turns out to be at apply, where something is not known before. */
  known: Arguments | null = null;
  planOptions: PlanOptions = {};
  region = 'us-east-1';
  caller: (typeof CALLERS)[number] = CALLERS[0];
  #read = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly folder: string,
    wants: (folder: string) => Arguments,
  ) {
    this.names = new Names(folder);
    this.core = new Core(
      () =>
        new ProviderProcess(providerConfig(this.emulator.url, this.region, this.caller), () =>
          emulator.clock.now(),
        ),
    );
    this.wants = wants(folder);
    emulator.onCall((point, { operation, accessKeyId, effect }) => {
      if (point !== 'effect-done' || operation !== 'CreateBucketAccessKey' || !effect) return;
      const key = this.keyOf(accessKeyId ?? '');
      if (key) this.names.ours(key);
    });
  }

  static async open(folder: string, wants: (folder: string) => Arguments): Promise<Stage> {
    mkdirSync(folder);
    const emulator = await Emulator.start({
      buckets: [BUCKET, 'backups'],
      credentials: CALLERS,
      now: () => BEGINNING,
      operationMs: 0,
    });
    return new Stage(emulator, folder, wants);
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Applies what the author wants before the case begins. Answers whether it went well. */
  async settle(): Promise<boolean> {
    const plan = await this.core.plan(this.config());
    if (!plan.change)
      throw new Error(`The case cannot begin: ${JSON.stringify([...plan.refreshSaid, ...plan.said])}`);
    return !(await this.core.apply(plan)).failed;
  }

  config(): ObjectValue | null {
    return this.wants && configOf(this.wants);
  }

  /** The same once everything is known. */
  knownConfig(): ObjectValue | null {
    return this.known ? configOf(this.known) : this.config();
  }

  change(more: Partial<Arguments>): void {
    if (this.wants) this.wants = { ...this.wants, ...more };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    // Whatever the umask of whoever runs the tests.
    writeFileSync(this.path(name), text, { mode: 0o600 });
  }

  remove(name: string): void {
    rmSync(this.path(name), { force: true });
  }

  /** As after a crash of the machine while the journal was written. */
  tearJournal(): void {
    for (const name of readdirSync(this.folder)) if (name.includes('journal')) this.write(name, '{"phase":');
  }

  get current(): string {
    return this.#idIn('access_key_id');
  }

  get previous(): string {
    return this.#idIn('previous_access_key_id');
  }

  stranger(bucket = BUCKET): EmulatorKey {
    const key = this.emulator.makeStrangerKey(bucket);
    this.names.stranger(key);
    return key;
  }

  keyOf(accessKeyId: string): EmulatorKey | undefined {
    return this.emulator.buckets
      .flatMap((bucket) => this.emulator.keys(bucket))
      .find((key) => key.accessKeyId === accessKeyId);
  }

  async use(accessKeyId: string): Promise<void> {
    const key = this.keyOf(accessKeyId);
    if (key) await useOnS3(this.emulator, BUCKET, key);
    this.calls();
  }

  wait(hours: number): void {
    this.emulator.clock.advance(hours * HOUR);
  }

  /** The calls since the last time that somebody asked. */
  calls(): readonly string[] {
    const calls = this.emulator.log.slice(this.#read);
    this.#read = this.emulator.log.length;
    const said = calls.map(({ operation, accessKeyId = '', bucket = '', errorType, status }) => {
      const what = SHORT[operation] ?? operation;
      const where = bucket === BUCKET ? '' : ` of ${bucket}`;
      const key = accessKeyId === '' ? '' : ` ${this.names.of(accessKeyId)}`;
      return `${what}${key}${where}${errorType || status === undefined ? ` (${errorType ?? 'no answer'})` : ''}`;
    });
    // A pair is tried by several requests side by side.
    return said.filter(
      (call, index) => !call.startsWith(SHORT.ListObjectsV2 ?? '') || call !== said[index - 1],
    );
  }

  /** The bucket's keys, and what lies in the folder. */
  scenery(): string {
    const keys = this.emulator.buckets.flatMap((bucket) =>
      this.emulator
        .keys(bucket)
        .map(({ accessKeyId, status }) => this.#inBucket(bucket, accessKeyId, status)),
    );
    return [`keys: ${keys.join(', ') || 'none'}`, ...this.#files()].join(' | ');
  }

  #inBucket(bucket: string, accessKeyId: string, status: string): string {
    return `${this.names.of(accessKeyId)}${status === 'Active' ? '' : ` ${status}`}${bucket === BUCKET ? '' : ` in ${bucket}`}`;
  }

  #files(): string[] {
    const names = readdirSync(this.folder).sort();
    const lines = names
      .filter((name) => !name.startsWith('.') && !FAILURES.test(name))
      .map((name) => `${this.names.clean(name)}: ${this.#content(name)}`);
    const hidden = names.filter((name) => name.startsWith('.'));
    const pending = hidden.filter((name) => name.includes('pending'));
    // What the journal says shows in what later runs make of it.
    if (hidden.length > pending.length) lines.push('a journal');
    return [...lines, ...pending.map((name) => this.names.clean(name))];
  }

  #content(name: string): string {
    const text = readFileSync(this.path(name), 'utf8');
    if (name === 'hook')
      return text
        .trim()
        .split('\n')
        .map((line) => this.names.clean(line))
        .join('; ');
    if (name.startsWith('store'))
      return text
        .trim()
        .split('\n')
        .map((line) => this.#delivery(line))
        .join('; ');
    if (text.startsWith('-----BEGIN AGE')) return `the sealed pair of ${this.names.of(sealedId(text))}`;
    const form = text.startsWith('AWS_') ? ' as env' : '';
    return this.names.pairIn(text) + form;
  }

  #delivery(line: string): string {
    if (line === '') return 'nothing';
    const { event, accessKeyId } = JSON.parse(line) as { event: string; accessKeyId: string };
    return `${event} ${event === 'write' ? this.names.pairIn(line) : this.names.of(accessKeyId)}`;
  }

  #idIn(attribute: string): string {
    const id = this.core.state?.value[attribute];
    if (typeof id !== 'string') throw new Error(`The state has no ${attribute}.`);
    return id;
  }

  useOtherAccount(): void {
    this.caller = CALLERS[1];
  }
}

/** Files by which a case makes a program fail. */
const FAILURES = /^(hook|store)\.(after_create|before_delete|refuses)$/;

/** The ID that the header of a sealed pair carries in clear. */
function sealedId(armored: string): string {
  const header = Buffer.from(armored.replace(/-----.*-----/g, ''), 'base64').toString('latin1');
  return /access-key-id (\w+)/.exec(header)?.[1] ?? '';
}

const SHORT: Readonly<Record<string, string>> = {
  GetBucketAccessKeys: 'list',
  CreateBucketAccessKey: 'create',
  DeleteBucketAccessKey: 'delete',
  ListObjectsV2: 's3',
};
