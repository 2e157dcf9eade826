import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { Emulator, LIGHTSAIL_REGIONS } from '../emulator/index.js';
import { bucketNames, parse, splitAtDashes, type Subcommand, UsageError } from './subcommand.js';

/** That of the README's stack. */
const BUCKET = 'my-uploads';

const usage = `Usage: lightsail-access-key try [--bucket B… | --no-bucket] [--stores URL] [-- PROGRAM [ARGUMENT]…]

Tries a stack without AWS: starts an emulator of Lightsail and S3 for every Region, and runs PROGRAM with the environment
that makes Terraform use it. It ends with the exit status of PROGRAM. Without one it prints the environment, to paste
into the shell that runs Terraform, and runs until Ctrl-C. All keys are gone when it ends.

Everything else of the stack goes to AWS; give no profile in a provider block: its credentials win over those given here,
and resources would be made in that account.

  --bucket B     a bucket that exists from the start; may be given several times; default: ${BUCKET}
  --no-bucket    none exists: the stack makes its own
  --stores URL   where all other services of AWS are played: Secrets Manager, SSM, KMS, and STS, which every AWS provider
                 asks. By moto's server, for instance: pip install "moto[server]" && moto_server --port 5555
                 and give --stores http://127.0.0.1:5555

  lightsail-access-key try -- npx cdktf deploy
  lightsail-access-key try -- sh -c 'terraform init && terraform apply && terraform destroy'`;

export const tryIt: Subcommand = {
  name: 'try',
  summary: 'runs a program, such as cdktf deploy, against a local stand-in for Lightsail and S3',
  usage,
  async run(args) {
    const [own, program] = splitAtDashes(args);
    const { values } = parse(own, usage, {
      options: {
        bucket: { type: 'string', multiple: true, default: [] },
        'no-bucket': { type: 'boolean', default: false },
        stores: { type: 'string' },
      },
    });
    if (program?.length === 0) throw new UsageError('Give a program after --.', usage);
    const stores = storesOf(values.stores);
    const isEmpty = values['no-bucket'];
    if (isEmpty && values.bucket.length > 0) throw new UsageError('Give --bucket or --no-bucket.', usage);
    const buckets = isEmpty ? [] : values.bucket.length > 0 ? bucketNames(values.bucket, usage) : [BUCKET];
    const [region] = LIGHTSAIL_REGIONS;
    const emulator = await Emulator.start({ region, regions: LIGHTSAIL_REGIONS, buckets });
    const environment = environmentFor(emulator.env, stores);
    try {
      if (program) {
        process.exitCode = await runProgram(program, environment);
      } else {
        // Before anything is said: whoever reads it may answer at once.
        const end = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
        console.log(greeting(emulator.url, buckets, stores, shellLines(environment)));
        await end;
      }
    } finally {
      await emulator.close();
    }
  },
};

function storesOf(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\/[^/?#@]+\/?$/.test(text)) return text;
  throw new UsageError(
    `--stores is ${text}: give the URL of a server, such as http://127.0.0.1:5000.`,
    usage,
  );
}

/** Variables of a shell's environment; undefined: it must not be there. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What would lead the AWS SDKs elsewhere than the variables that the emulator gives. */
const ELSEWHERE = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
];

/** What would lead the stores' calls elsewhere than to `--stores`: for one service alone these win. */
const OF_STORES = ['SECRETS_MANAGER', 'SSM', 'KMS', 'STS'].map((service) => `AWS_ENDPOINT_URL_${service}`);

/** For Terraform and its providers: the emulator for Lightsail and S3, and `stores` for every other service of AWS. */
function environmentFor(emulator: Readonly<Record<string, string>>, stores?: string): Environment {
  return {
    ...unset(ELSEWHERE),
    ...(stores !== undefined && unset(OF_STORES)),
    ...emulator,
    ...(stores !== undefined && { AWS_ENDPOINT_URL: stores }),
  };
}

function unset(names: readonly string[]): Environment {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** For a POSIX shell. */
function shellLines(environment: Environment): readonly string[] {
  const names = Object.keys(environment).filter((name) => environment[name] === undefined);
  const set = Object.entries(environment).filter(([, value]) => value !== undefined);
  return [`unset ${names.join(' ')}`, ...set.map(([name, value]) => `export ${name}='${value ?? ''}'`)];
}

/** As a shell does for a program that it does not find, and for one that it may not run. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/**
 * Runs a program on this terminal to its end, in this process's environment with those changes.
 *
 * @returns its exit status; after a signal 128 and the signal's number, as a shell says it
 */
function runProgram([program = '', ...args]: readonly string[], environment: Environment): Promise<number> {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...environment }).filter(([, value]) => value !== undefined),
  );
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'inherit' });
    // Ctrl-C reaches the program by itself, and it needs the emulator until it has ended in order.
    const stay = () => undefined;
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', stay).on('SIGTERM', pass);
    const end = (status: number) => {
      process.off('SIGINT', stay).off('SIGTERM', pass);
      resolve(status);
    };
    child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const isFound = code !== 'ENOENT';
      const remedy = isFound ? 'Give a program that this user may run.' : 'Is it installed, and on PATH?';
      console.error(`${program} was not started, and no key was made: ${message}. ${remedy}`);
      end(isFound ? NOT_RUNNABLE : NOT_FOUND);
    });
    child.once('exit', (status, signal) => {
      end(status ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

function greeting(
  url: string,
  buckets: readonly string[],
  stores: string | undefined,
  lines: readonly string[],
): string {
  const named = `the ${buckets.length > 1 ? 'buckets' : 'bucket'} ${buckets.join(', ')}`;
  return `Lightsail and S3 are played on ${url}, with ${buckets.length === 0 ? 'no bucket' : named} in every Region. Ctrl-C ends it.
${
  stores === undefined
    ? `Secrets Manager, SSM, KMS and STS are not: a stack that needs them, as one with an AWS provider does, wants moto beside
it, see --help. Everything else of the stack goes to AWS; give no profile in a provider block.`
    : `Secrets Manager, SSM, KMS, STS and all else are looked for on ${stores}. Give no profile in a provider block.`
}

In the shell that runs Terraform:

${lines.map((line) => `  ${line}`).join('\n')}`;
}
