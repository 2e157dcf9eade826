import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeCertificate } from '../src/plugin/process/certificate.js';

/** Milliseconds of each run. */
export interface Starts {
  readonly emptyScriptToExit: number[];
  readonly printingScriptToOutput: number[];
  readonly providerToHandshake: number[];
}

/** How long the provider takes from its start, as Terraform starts it, to its first line; and Node by itself. */
export async function measureStarts(root: string, scratch: string, runs: number): Promise<Starts> {
  const empty = join(scratch, 'empty.cjs');
  const printing = join(scratch, 'printing.cjs');
  await Promise.all([writeFile(empty, ''), writeFile(printing, "console.log('first')\n")]);
  const { version } = JSON.parse(await readFile(join(root, 'dist/provider/manifest.json'), 'utf8')) as {
    version: string;
  };
  const launcher = join(root, 'dist/provider/package', `terraform-provider-lightsail_v${version}`);
  const env = {
    PATH: process.env.PATH ?? '',
    TMPDIR: scratch,
    TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
    PLUGIN_PROTOCOL_VERSIONS: '5,6',
    PLUGIN_MIN_PORT: '10000',
    PLUGIN_MAX_PORT: '25000',
    PLUGIN_CLIENT_CERT: clientCertificate(),
  };
  const starts: Starts = { emptyScriptToExit: [], printingScriptToOutput: [], providerToHandshake: [] };
  // Run -1 is the warm-up.
  for (let run = -1; run < runs; run += 1) {
    const times = [
      await timeTo('exit', ['node', empty], env),
      await timeTo('output', ['node', printing], env),
      await timeTo('handshake', [launcher], env),
    ] as const;
    if (run < 0) continue;
    starts.emptyScriptToExit.push(times[0]);
    starts.printingScriptToOutput.push(times[1]);
    starts.providerToHandshake.push(times[2]);
  }
  return starts;
}

async function timeTo(
  moment: 'exit' | 'output' | 'handshake',
  [program = '', ...args]: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  if (moment === 'exit') {
    child.stdout.resume();
    await exit;
    return performance.now() - started;
  }
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const took = performance.now() - started;
  child.stdout.resume();
  child.kill('SIGTERM');
  await exit;
  if (moment === 'handshake' && !line.startsWith('1|6|')) throw new Error(`The provider said: ${line}`);
  return took;
}

function clientCertificate(): string {
  const { certificate } = makeCertificate();
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
