import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Emulator, type EmulatorKey } from 'cdktf-lightsail-access-key/emulator';
import { type Commands } from './commands.js';
import { Deviation, type Narrator } from './narrator.js';
import { type DeliveredPair, ObjectStore } from './object-store.js';
import { holds, searchFolder } from './search.js';
import { Stack } from './stack.js';

const BUCKET = 'demo-uploads';
const STATE = 'terraform.tfstate';

export interface Stage {
  readonly narrator: Narrator;
  readonly commands: Commands;
  readonly emulator: Emulator;
  /** The path of Terraform or OpenTofu. */
  readonly terraform: string;
  /** The repository. */
  readonly root: string;
  /** A folder of the demo's own. */
  readonly folder: string;
}

/** One access key from its declaration to its end. Throws at the first thing that is not as it says. */
export class Demo {
  readonly #secrets: string[] = [];
  readonly #secretFile: string;

  constructor(private readonly stage: Stage) {
    this.#secretFile = join(stage.folder, 'credentials', `${BUCKET}.json`);
  }

  async run(): Promise<void> {
    await mkdir(dirname(this.#secretFile));
    this.#prepareBucket();
    const stack = await this.#synthesize();
    await this.#init(stack);
    await this.#plan(stack);
    const first = await this.#apply(stack);
    await this.#checkFile(first);
    await this.#planNothing(stack);
    await this.#searchForSecrets();
    await this.#useOverS3(first, undefined);
    await this.#deleteOutside(stack, first);
    await this.#findDrift(stack, first);
    const second = await this.#repair(stack, first);
    await this.#checkFile(second);
    await this.#searchForSecrets();
    await this.#useOverS3(second, first);
    await this.#destroy(stack);
  }

  #prepareBucket(): void {
    const { narrator, emulator } = this.stage;
    narrator.step('Make a bucket in a local emulator of Lightsail and S3');
    emulator.createBucket(BUCKET);
    narrator.check(
      emulator.buckets.join() === BUCKET && this.#keys().length === 0,
      `${emulator.url} has the bucket ${BUCKET}, and the bucket has no access key`,
      `buckets ${emulator.buckets.join(', ')}; keys ${idsOf(this.#keys())}`,
    );
  }

  async #synthesize(): Promise<Stack> {
    const { narrator, folder } = this.stage;
    narrator.step('Synthesize examples/quickstart with the app command of cdktf.json, as cdktf synth does');
    const env = { BUCKET, SECRET_FILE: this.#secretFile };
    const stack = await Stack.synthesize(this.stage, join(folder, 'cdktf.out'), env);
    const text = await readFile(stack.file('cdk.tf.json'), 'utf8');
    narrator.check(
      text.includes('"lightsail_bucket_access_key"') &&
        existsSync(stack.file('terraform.d/plugins/npm.invalid')),
      'the stack declares a lightsail_bucket_access_key, and the provider from the npm package lies beside it',
      text,
    );
    return stack;
  }

  async #init(stack: Stack): Promise<void> {
    const { narrator } = this.stage;
    narrator.step('terraform init: no download, no CLI configuration file');
    // CDKTF keeps the state beside cdktf.json; the demo leaves nothing in the repository.
    const said = await stack.terraform(['init', `-backend-config=path=${STATE}`]);
    const installed = linesWith(said, '- Install');
    narrator.quote(installed);
    const hosts = await readdir(stack.file('.terraform/providers'));
    narrator.check(
      hosts.join() === 'npm.invalid',
      'it took the provider that lies in the stack, and no other',
      `providers from ${hosts.join(', ')}`,
    );
  }

  async #plan(stack: Stack): Promise<void> {
    const { narrator } = this.stage;
    narrator.step('terraform plan: one key to create');
    const said = await stack.terraform(['plan', '-out=first.tfplan']);
    narrator.quote(linesWith(said, 'Plan:', 'will be created'));
    narrator.check(
      said.includes('Plan: 1 to add, 0 to change, 0 to destroy.'),
      'the plan adds one key',
      said,
    );
    narrator.check(this.#keys().length === 0, 'planning made no key', idsOf(this.#keys()));
  }

  async #apply(stack: Stack): Promise<EmulatorKey> {
    this.stage.narrator.step('terraform apply: the key is made, and its ID is an output');
    return this.#applyPlan(stack, 'first.tfplan');
  }

  async #applyPlan(stack: Stack, plan: string): Promise<EmulatorKey> {
    const { narrator } = this.stage;
    const said = await stack.terraform(['apply', plan]);
    for (const key of this.#keys()) {
      this.#secrets.push(key.secretAccessKey);
      narrator.hide(key.secretAccessKey);
    }
    narrator.quote(linesWith(said, 'Apply complete!', 'access-key-id'));
    narrator.check(
      said.includes('Apply complete! Resources: 1 added, 0 changed, 0 destroyed.'),
      'one resource was added',
      said,
    );
    const id = await stack.output('access-key-id');
    const [key, ...others] = this.#keys();
    if (!key || others.length > 0) throw new Deviation('one key of the bucket', idsOf(this.#keys()));
    narrator.check(
      key.accessKeyId === id,
      `the bucket has one key, and it is the output: ${id}`,
      `the output ${id}, and the bucket has the key ${key.accessKeyId}`,
    );
    return key;
  }

  async #checkFile(key: EmulatorKey): Promise<void> {
    const { narrator } = this.stage;
    narrator.step('Look at the file to which the stack sends the pair');
    const pair = await this.#delivered();
    narrator.check(
      pair.accessKeyId === key.accessKeyId && pair.secretAccessKey === key.secretAccessKey,
      `it holds the ID ${pair.accessKeyId} and the secret that belongs to it`,
      `the ID ${pair.accessKeyId} and ${pair.secretAccessKey === key.secretAccessKey ? 'its' : 'another'} secret`,
    );
    const mode = ((await stat(this.#secretFile)).mode & 0o777).toString(8);
    narrator.check(mode === '600', 'its mode is 0600: only its owner can read it', `mode 0${mode}`);
  }

  async #planNothing(stack: Stack): Promise<void> {
    const { narrator } = this.stage;
    narrator.step('terraform plan again: nothing to do');
    const said = await stack.terraform(['plan', '-detailed-exitcode', '-out=second.tfplan']);
    narrator.check(said.includes('No changes.'), 'No changes', said);
  }

  async #searchForSecrets(): Promise<void> {
    const { narrator, commands, folder } = this.stage;
    narrator.step('Search for the secret: as it is, and as URLs, JSON and base64 would write it');
    const own = join('credentials', basename(this.#secretFile));
    for (const [index, secret] of this.#secrets.entries()) {
      const { searched, hits } = await searchFolder(folder, secret);
      const elsewhere = hits.filter((name) => name !== own);
      const plans = searched.filter((name) => name.endsWith('.tfplan')).length;
      const states = searched.filter(
        (name) => basename(name).startsWith(STATE) && !name.includes('.terraform/'),
      ).length;
      narrator.check(
        elsewhere.length === 0 && plans > 0 && states > 0,
        `${index === 0 ? 'the first' : 'the second'} key’s is in none of ${searched.length - 1} files, among them ${plans} plans (unpacked) and ${states} states (with backups)`,
        `the secret in ${elsewhere.join(', ') || 'none'}; ${plans} plans and ${states} states, backups included`,
      );
    }
    narrator.check(
      !this.#secrets.some((secret) => holds(commands.transcript, secret)),
      'it is in nothing that a command has printed',
      'the secret in what the commands printed',
    );
    const current = (await searchFolder(folder, this.#secrets.at(-1) ?? '')).hits;
    narrator.check(
      current.join() === own,
      `the search works: it finds the secret in ${own}, where it belongs`,
      `the secret in ${current.join(', ') || 'no file'}`,
    );
  }

  /** The second pair also reads what the first one wrote. */
  async #useOverS3(key: EmulatorKey, before: EmulatorKey | undefined): Promise<void> {
    const { narrator, emulator } = this.stage;
    narrator.step('Write and read an object over S3, with the pair out of that file');
    const store = new ObjectStore(await this.#delivered(), emulator.url);
    try {
      const written = `Written with ${key.accessKeyId}.`;
      await store.write(`${key.accessKeyId}.txt`, written);
      for (const { accessKeyId } of before ? [key, before] : [key]) {
        const read = await store.read(`${accessKeyId}.txt`);
        narrator.check(
          read === `Written with ${accessKeyId}.`,
          `s3://${BUCKET}/${accessKeyId}.txt reads: Written with ${accessKeyId}.`,
          `the object reads: ${read}`,
        );
      }
    } finally {
      store.close();
    }
  }

  async #deleteOutside(stack: Stack, { accessKeyId }: EmulatorKey): Promise<void> {
    const { narrator, emulator } = this.stage;
    narrator.step('Delete the key behind Terraform’s back, as somebody in the console would');
    emulator.deleteKey(BUCKET, accessKeyId);
    const remembered = (await readFile(stack.file(STATE), 'utf8')).includes(accessKeyId);
    narrator.check(
      this.#keys().length === 0 && remembered,
      `${accessKeyId} is gone from the bucket, and Terraform’s state still has it`,
      `keys ${idsOf(this.#keys())}; ${remembered ? '' : 'not '}in the state`,
    );
  }

  async #findDrift(stack: Stack, { accessKeyId }: EmulatorKey): Promise<void> {
    const { narrator } = this.stage;
    narrator.step('terraform plan finds it (exit status 2: there is something to do)');
    const said = await stack.terraform(['plan', '-detailed-exitcode', '-out=repair.tfplan'], 2);
    narrator.quote(linesWith(said, 'Warning:', 'Plan:'));
    const words = `Key ${accessKeyId} of bucket ${BUCKET} does not exist any more`;
    narrator.check(said.includes(words), `it says: ${words}`, said);
    narrator.check(said.includes('Plan: 1 to add'), 'it plans a new key', said);
  }

  async #repair(stack: Stack, old: EmulatorKey): Promise<EmulatorKey> {
    const { narrator } = this.stage;
    narrator.step('terraform apply repairs it');
    const key = await this.#applyPlan(stack, 'repair.tfplan');
    narrator.check(
      key.accessKeyId !== old.accessKeyId && key.secretAccessKey !== old.secretAccessKey,
      'it is a new key with a new secret',
      `the old key ${old.accessKeyId}`,
    );
    return key;
  }

  async #destroy(stack: Stack): Promise<void> {
    const { narrator } = this.stage;
    narrator.step('terraform destroy');
    const said = await stack.terraform(['destroy', '-auto-approve']);
    narrator.quote(linesWith(said, 'Destroy complete!'));
    narrator.check(this.#keys().length === 0, `the bucket ${BUCKET} holds no key`, idsOf(this.#keys()));
    const left = await readdir(dirname(this.#secretFile));
    narrator.check(left.length === 0, 'the file is gone, and nothing lies in its place', left.join(', '));
  }

  #keys(): readonly EmulatorKey[] {
    return this.stage.emulator.keys(BUCKET);
  }

  async #delivered(): Promise<DeliveredPair> {
    if (!existsSync(this.#secretFile)) throw new Deviation(`the file ${this.#secretFile}`, 'no such file');
    return JSON.parse(await readFile(this.#secretFile, 'utf8')) as DeliveredPair;
  }
}

function idsOf(keys: readonly EmulatorKey[]): string {
  return keys.map(({ accessKeyId }) => accessKeyId).join(', ') || 'none';
}

function linesWith(text: string, ...words: readonly string[]): string {
  const lines = text.split('\n').filter((line) => words.some((word) => line.includes(word)));
  return lines.map((line) => line.replace(/^[│╷╵\s]+/, '')).join('\n');
}
