import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EmulatorProcess } from '../emulator-process.js';
import { describeMachine } from '../machine.js';
import { seeingMemory, unseenRemark } from '../measure.js';
import { median, medianOfSeen } from '../results.js';
import { type Invocation, inRoom, save } from '../room.js';
import { show } from '../show.js';
import { AWS_PROVIDER_VERSION } from '../subjects.js';
import { type Kind, LargeStack, type Planned } from './large-stack.js';

const LIST = { operation: 'GetBucketAccessKeys', times: 'always' } as const;

interface Row {
  readonly stack: Kind;
  readonly throttled: boolean;
  readonly runs: readonly Planned[];
}

/** Answers the exit status: 1 where a bucket of ours was listed more than once for each answer that was given. */
export async function main({ root, terraform, args }: Invocation): Promise<number> {
  const options = optionsOf(args);
  return inRoom(root, async ({ scratch, emulator }) => {
    const machine = describeMachine(terraform);
    const rows: Row[] = [];
    for (const kind of options.kinds) {
      console.error(`${kind}: ${options.buckets} buckets`);
      const stack = new LargeStack(kind, options.buckets, { root, terraform, scratch, emulator });
      await stack.prepare();
      for (const throttled of [false, true]) {
        const row = { stack: kind, throttled, runs: await plans(stack, throttled, options, emulator) };
        console.error(rowOf(row));
        rows.push(row);
      }
    }
    console.log(`\n${tableOf(rows, options)}`);
    if (options.save) {
      const { buckets, latency, runs } = options;
      const results = JSON.stringify({ machine, buckets, latency, runs, rows });
      await save(join(root, 'docs/benchmarks-scale.json'), results);
    }
    return rows.every((row) => isOncePerBucket(row, options.buckets)) ? 0 : 1;
  });
}

type Options = ReturnType<typeof optionsOf>;

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      buckets: { type: 'string', default: '300' },
      runs: { type: 'string', default: '3' },
      latency: { type: 'string', default: '100' },
      quick: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'buckets' | 'runs' | 'latency', least: number) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(`--${name} is ${values[name]}: give a whole number from ${least}.`);
  };
  const kinds: Kind[] = ['keys', 'keys with audit and data source'];
  if (!values.quick && process.env.TF_PROVIDER_MIRROR) kinds.push('hashicorp/aws');
  const [buckets, runs, latency] = [whole('buckets', 1), whole('runs', 1), whole('latency', 0)];
  return { buckets, runs, latency, kinds, save: values.save };
}

/** The first plan fills the disk cache and does not count. */
async function plans(
  stack: LargeStack,
  throttled: boolean,
  { runs, latency }: Options,
  { control }: EmulatorProcess,
): Promise<Planned[]> {
  const planned: Planned[] = [];
  const planOnce = async () => {
    await control.clearFaults();
    if (latency > 0) await control.addFault({ ...LIST, kind: 'delay', when: 'before', ms: latency });
    if (throttled) {
      const error = { kind: 'error', when: 'before', type: 'ThrottlingException', status: 400 } as const;
      await control.addFault({ ...LIST, ...error, every: 10 });
    }
    return stack.plan();
  };
  for (let run = 0; run <= runs; run += 1) {
    const measured = await seeingMemory(planOnce);
    if (run > 0) planned.push(measured);
  }
  await control.clearFaults();
  return planned;
}

function isOncePerBucket({ stack, runs }: Row, buckets: number): boolean {
  return stack === 'hashicorp/aws' || runs.every(({ lists, throttled }) => lists === buckets + throttled);
}

type Peak = 'peakBytes' | 'peakProviderBytes';

function rowOf({ stack, throttled, runs }: Row): string {
  const of = (quantity: Exclude<keyof Planned, Peak>) => median(runs.map((planned) => planned[quantity]));
  const peak = (quantity: Peak) => show(medianOfSeen(runs.map((planned) => planned[quantity])), 'peakBytes');
  const cells = [
    stack === 'hashicorp/aws' ? `${stack} ${AWS_PROVIDER_VERSION}, keys` : stack,
    throttled ? '10 %' : 'none',
    of('lists'),
    of('throttled'),
    show(of('wallSeconds'), 'wallSeconds'),
    show(of('cpuSeconds'), 'cpuSeconds'),
    peak('peakProviderBytes'),
    peak('peakBytes'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function tableOf(rows: readonly Row[], { buckets, runs, latency }: Options): string {
  return [
    '| stack | throttled | lists | of them refused | wall | CPU | peak of the provider | peak of all processes |',
    '| - | - | -: | -: | -: | -: | -: | -: |',
    ...rows.map(rowOf),
    '',
    `A plan without a change of ${buckets} buckets with a key each, every list taking ${latency} ms; medians of ${runs} runs.`,
    'The provider’s memory is its largest resident size; that of all processes is PSS.',
    ...unseenRemark(rows.flatMap((row) => row.runs)),
  ].join('\n');
}
