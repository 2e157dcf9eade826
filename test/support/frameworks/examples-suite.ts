import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { Emulator } from '../../../src/emulator/index.js';
import { RECIPIENT } from '../destinations/identity.js';
import { BUCKET } from '../example.js';
import { startMoto } from '../moto.js';
import { repository } from '../provider-build.js';
import { StoreTools } from '../store-tools/store-tools.js';
import { Terraform } from '../terraform.js';
import { VaultWorkbench } from '../vault/workbench.js';
import { type CommandUnderTest, Project } from './project.js';

type Env = Readonly<Record<string, string>>;
type End = () => void | Promise<void>;

/** What the reader of an example has around it. */
interface Surroundings {
  /** Buckets that exist before. Default: the one that the examples name. */
  readonly buckets?: readonly string[];
  readonly awsProvider?: boolean;
  /** Programs that are deployed one after the other. Default: `main`. */
  readonly programs?: readonly string[];
  /** Starts its store, and answers what its reader exports. */
  readonly open?: (ends: End[]) => Env | Promise<Env>;
}

async function moto(ends: End[]): Promise<string> {
  const server = await startMoto();
  ends.push(() => server.stop());
  return server.url;
}

const BESIDE_AWS: Surroundings = {
  buckets: [],
  awsProvider: true,
  // The AWS provider asks STS who it is.
  open: async (ends) => ({ AWS_ENDPOINT_URL: await moto(ends) }),
};

const SURROUNDINGS: Readonly<Record<string, Surroundings>> = {
  'age-file': { open: () => ({ RECIPIENT }) },
  audit: { buckets: ['my-uploads', 'my-backups', 'my-logs'] },
  command: {
    open: (ends) => {
      const tools = new StoreTools();
      ends.push(() => {
        tools.remove();
      });
      return { PROGRAMS: join(repository, 'examples/command/programs'), PATH: tools.path };
    },
  },
  migrate: { ...BESIDE_AWS, programs: ['before', 'main'] },
  quickstart: {},
  rotation: {},
  'secrets-manager': BESIDE_AWS,
  'ssm-parameter': { open: async (ends) => ({ AWS_ENDPOINT_URL_SSM: await moto(ends) }) },
  'terraform-output': {},
  'vault-kv': {
    open: async (ends) => {
      const vault = new VaultWorkbench();
      ends.push(() => vault.close());
      const { url } = await vault.lane();
      return { VAULT_ADDR: url, VAULT_TOKEN: vault.token, VAULT_MOUNT: vault.mount };
    },
  },
};

/** The pipeline runs it, with a state in S3 or at GitLab. */
const ELSEWHERE = 'pipeline';

/** Each example as its reader deploys it, by the real command of a framework. */
export function describeExamples(tested: CommandUnderTest): void {
  test('each example that is synthesized is deployed by the command', () => {
    const examples = readdirSync(join(repository, 'examples')).filter(
      (name) => name !== ELSEWHERE && existsSync(join(repository, 'examples', name, 'main.ts')),
    );
    expect(Object.keys(SURROUNDINGS).sort()).toEqual(examples.sort());
  });

  test.each(Object.entries(SURROUNDINGS))(
    '%s is deployed, has nothing left to do and no null output, and is destroyed',
    async (name, { buckets = [BUCKET], awsProvider = false, programs = ['main'], open }) => {
      const ends: End[] = [];
      try {
        const project = Project.make(tested, '');
        ends.push(() => {
          project.remove();
        });
        const emulator = await Emulator.start({ buckets });
        ends.push(() => emulator.close());
        const env = { ...emulator.env, ...(await open?.(ends)) };
        const terraform = await Terraform.create({ folder: project.stack(name), env, awsProvider });
        ends.push(() => terraform.cleanup());
        for (const program of programs) {
          project.write(appOf(name, program, tested));
          // For a stack without a key of ours, the command asks the registry for every provider, and a test has a mirror.
          const flags = program === 'main' ? [] : ['--skip-provider-lock'];
          await project.succeeds(terraform.env, 'deploy', '--auto-approve', ...flags);
        }
        expect(emulator.keys(buckets[0] ?? BUCKET).length).toBeGreaterThan(0);
        const outputs = JSON.parse((await terraform.succeeds('output', '-json')).stdout) as Record<
          string,
          { readonly value: unknown }
        >;
        const empty = Object.entries(outputs).filter(([, { value }]) => value === null);
        expect(empty).toEqual([]);
        expect(await terraform.plan('-detailed-exitcode')).toMatchObject({ code: 0 });
        await project.succeeds(terraform.env, 'destroy', '--auto-approve');
        expect(emulator.buckets.flatMap((bucket) => emulator.keys(bucket))).toEqual([]);
      } finally {
        for (const end of ends.reverse()) await end();
      }
    },
  );
}

/** The example as the users of the framework write it, without its types. */
function appOf(name: string, program: string, { framework, entry }: CommandUnderTest): string {
  const source = readFileSync(join(repository, 'examples', name, `${program}.ts`), 'utf8');
  const owned = source
    .replaceAll("'cdktf-lightsail-access-key'", `'${entry}'`)
    .replaceAll("'cdktf'", `'${framework}'`)
    .replaceAll("'@cdktf/", `'@${framework}/`);
  return ts.transpileModule(owned, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
}
