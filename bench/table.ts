import { type Bar, bars, type Measured, median, medianOf, type Quantity, type Runs } from './results.js';
import { show } from './show.js';
import { AWS_PROVIDER_VERSION } from './subjects.js';

const WIDTHS = [30, 16, 16, 22, 14];

/** The results for people. */
export function table(measured: Measured): string {
  const { emptyScriptToExit, printingScriptToOutput, providerToHandshake } = measured.starts;
  return [
    row(
      'medians',
      'Terraform alone',
      'this provider',
      `hashicorp/aws ${AWS_PROVIDER_VERSION}`,
      'ratio to aws',
    ),
    ...costs(measured, 'plan', 'plan without a change'),
    ...costs(measured, 'apply', 'apply of one key'),
    '',
    `Node, an empty script, start to exit          ${milliseconds(emptyScriptToExit)}`,
    `Node, a script that prints, start to output   ${milliseconds(printingScriptToOutput)}`,
    `this provider, start to handshake             ${milliseconds(providerToHandshake)}`,
    '',
    'Bars',
    ...bars(measured).map(barLine),
  ].join('\n');
}

function costs(measured: Measured, command: keyof Runs, title: string): string[] {
  return [
    title,
    cost(measured, command, 'wallSeconds', '  wall time'),
    cost(measured, command, 'cpuSeconds', '  CPU time, whole tree'),
    cost(measured, command, 'peakBytes', '  peak memory, whole tree'),
  ];
}

function cost(measured: Measured, command: keyof Runs, quantity: Quantity, title: string): string {
  const values = (['terraform', 'ours', 'aws'] as const).map((name) =>
    medianOf(measured, name, command, quantity),
  );
  const [, ours, aws] = values;
  const ratio = ours === undefined || aws === undefined ? '–' : `1/${(aws / ours).toFixed(1)}`;
  return row(title, ...values.map((value) => show(value, quantity)), ratio);
}

function milliseconds(values: readonly number[]): string {
  return `${median(values).toFixed(0)} ms (best ${Math.min(...values).toFixed(0)} ms)`;
}

function barLine({ name, value, atMost, met }: Bar): string {
  const word = met === undefined ? 'not measured' : met ? 'met' : 'MISSED';
  return `  ${word.padEnd(14)}${name}: ${fraction(value)}, at most ${fraction(atMost)}`;
}

/** Ratios below one are read more easily as parts. */
function fraction(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value > 1000) return value.toFixed(0);
  return value < 1 ? `1/${(1 / value).toFixed(1).replace(/\.0$/, '')}` : value.toFixed(2).replace(/0$/, '');
}

function row(...cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
    .join('');
}
