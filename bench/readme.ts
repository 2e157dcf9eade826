import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { type Measured, median, medianOf, type Quantity, type Runs } from './results.js';
import { show } from './show.js';
import { AWS_PROVIDER_VERSION } from './subjects.js';

interface Machine {
  readonly date: string;
  readonly node: string;
  readonly terraform: string;
  readonly processor: string;
}

/** The results for the README: what this provider costs beside the other. */
export function markdown(measured: Measured, { date, node, terraform, processor }: Machine): string {
  const { emptyScriptToExit, providerToHandshake } = measured.starts;
  const runs = measured.subjects.ours?.plan.length ?? 0;
  const start = `${median(providerToHandshake).toFixed(0)} ms`;
  const empty = `${median(emptyScriptToExit).toFixed(0)} ms`;
  return `| | Terraform alone | this provider | hashicorp/aws ${AWS_PROVIDER_VERSION} | ratio |
| - | -: | -: | -: | -: |
${row(measured, 'plan', 'wallSeconds', 'plan without a change')}
${row(measured, 'plan', 'cpuSeconds', 'its CPU time')}
${row(measured, 'plan', 'peakBytes', 'its peak memory')}
${row(measured, 'apply', 'wallSeconds', 'apply of one key')}

From its start to its handshake the provider takes ${start}, where an empty Node script takes ${empty} to its end.
Medians of ${runs} alternating runs on ${date.slice(0, 10)} (${terraform}, Node ${node}, ${processor}), both against
the emulator; whole process trees, memory as PSS. \`npm run bench\` measures it on your machine.`;
}

/** Replaces what stands between the two marks. */
export async function intoReadme(path: string, text: string): Promise<void> {
  const readme = await readFile(path, 'utf8');
  const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->'];
  const [head, rest] = readme.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${path} has no ${begin} … ${end}.`);
  const next = `${head}${begin}\n\n${text}\n\n${end}${tail}`;
  await writeFile(path, await format(next, { parser: 'markdown', printWidth: 110, singleQuote: true }));
}

function row(measured: Measured, command: keyof Runs, quantity: Quantity, title: string): string {
  const values = (['terraform', 'ours', 'aws'] as const).map((name) =>
    medianOf(measured, name, command, quantity),
  );
  const [, ours, aws] = values;
  const ratio = ours === undefined || aws === undefined ? '–' : `1/${Math.floor(aws / ours)}`;
  return `| ${[title, ...values.map((value) => show(value, quantity)), ratio].join(' | ')} |`;
}
