import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.js';
import { unseenRemark } from './measure.js';
import { bars, MAIN_BUNDLE, type Measured, medians, type Runs } from './results.js';
import { measureStarts } from './start.js';
import { AWS_PROVIDER_VERSION, Subject, type SubjectName } from './subjects.js';
import { intoReadme, markdown } from './readme.js';
import { type Invocation, inRoom, save } from './room.js';
import { table } from './table.js';

/** A start takes a twentieth of a second, so more of them can be had. */
const STARTS_PER_RUN = 6;

/** Answers the exit status. */
export async function main({ root, terraform, args }: Invocation): Promise<number> {
  const options = optionsOf(args);
  return inRoom(root, async ({ scratch, emulator }) => {
    const machine = describeMachine(terraform);
    const starts = await measureStarts(root, scratch, options.runs * STARTS_PER_RUN);
    const subjects = options.subjects.map(
      (name) => new Subject(name, { root, terraform, scratch, emulator }),
    );
    const measured: Measured = {
      subjects: await measureAlternating(subjects, options.runs),
      starts,
      mainBundleBytes: (await stat(join(root, 'dist/provider/package/provider.cjs'))).size,
    };
    const costs = Object.values(measured.subjects).flatMap(({ plan, apply }) => [...plan, ...apply]);
    const remarks = [...options.remarks, ...unseenRemark(costs)];
    console.log(`\n${table(measured)}\n\n${remarks.join('\n')}`);
    const judged = bars(measured);
    const results = JSON.stringify(
      { machine, runs: options.runs, bars: judged, medians: medians(measured), measured },
      (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value),
    );
    await save(join(root, 'bench/results/latest.json'), results);
    if (options.save) {
      await save(join(root, 'docs/benchmarks.json'), results);
      await intoReadme(join(root, 'README.md'), markdown(measured, machine));
    }
    return judged.some(({ name, met }) => met === false && (options.strict || name === MAIN_BUNDLE)) ? 1 : 0;
  });
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is ${values.runs}: give a number from 1.`);
  const withAws = !values.quick && Boolean(process.env.TF_PROVIDER_MIRROR);
  if (values.save && !withAws)
    throw new Error('--save needs hashicorp/aws: set TF_PROVIDER_MIRROR, without --quick.');
  const subjects: SubjectName[] = withAws ? ['terraform', 'ours', 'aws'] : ['terraform', 'ours'];
  const remarks = [
    `Medians of ${runs} alternating runs after one that does not count; NODE_EXTRA_CA_CERTS unset for all.`,
    process.platform === 'linux'
      ? 'Memory is PSS, sampled every 20 ms: pages that processes share count once.'
      : 'Memory is measured on Linux only.',
    ...(withAws || values.quick
      ? []
      : [
          `Without hashicorp/aws: TF_PROVIDER_MIRROR names no Terraform mirror with its ${AWS_PROVIDER_VERSION}.`,
        ]),
  ];
  return { runs, subjects, remarks, strict: values.strict, save: values.save };
}

/** Each round runs everybody once, and begins with another one than the round before. */
async function measureAlternating(
  subjects: readonly Subject[],
  rounds: number,
): Promise<Partial<Record<SubjectName, Runs>>> {
  const results: Partial<Record<SubjectName, Runs>> = {};
  for (const subject of subjects) {
    await subject.prepare();
    results[subject.name] = { plan: [], apply: [] };
  }
  // Round 0 fills the disk cache and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    console.error(round === 0 ? 'warm-up' : `round ${round} of ${rounds}`);
    const first = round % subjects.length;
    for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      const apply = await subject.apply();
      const plan = await subject.planWithoutChange();
      await subject.reset();
      if (round === 0) continue;
      results[subject.name]?.apply.push(apply);
      results[subject.name]?.plan.push(plan);
    }
  }
  return results;
}
