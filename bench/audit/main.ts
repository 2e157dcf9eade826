import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EmulatorProcess } from '../emulator-process.js';
import { type Cost, measure, seeingMemory, unseenRemark } from '../measure.js';
import { median, medianOfSeen } from '../results.js';
import { type Invocation, inRoom } from '../room.js';
import { show } from '../show.js';

const BUCKETS = 1000;

interface Row extends Cost {
  readonly calls: number;
  readonly throttled: number;
}

/** Answers the exit status. */
export async function main({ root, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string', default: '3' } } });
  const runs = Number(values.runs);
  if (!(runs > 0)) throw new Error('Give --runs as a number.');
  return inRoom(root, async ({ scratch, emulator }) => {
    const state = join(scratch, 'state.json');
    writeFileSync(state, await bucketsWithKeys(emulator));
    const html = join(scratch, 'audit.html');
    const command = [
      process.execPath,
      join(root, 'dist/lib/command/main.js'),
      ...['audit', '--state', state, '--output', html],
    ];
    const environment = { PATH: process.env.PATH ?? '', HOME: scratch, ...emulator.env };
    const all: Row[] = [];
    const lines: string[] = [];
    for (const percent of [0, 10, 30]) {
      const rows: Row[] = [];
      const auditOnce = async (): Promise<Row> => {
        const throttle = await throttleEach(emulator, percent);
        const before = (await emulator.control.calls()).length;
        const cost = await measure(command, scratch, environment);
        const calls = (await emulator.control.calls()).slice(before);
        const throttled = calls.filter(({ errorType }) => errorType === throttle).length;
        await emulator.control.clearFaults();
        return { ...cost, calls: calls.length, throttled };
      };
      for (let run = 0; run < runs; run += 1) rows.push(await seeingMemory(auditOnce));
      lines.push(lineOf(percent, rows));
      all.push(...rows);
    }
    console.log(
      [
        '| answers throttled | wall | CPU time | peak memory | calls | of them throttled |',
        '| ---: | ---: | ---: | ---: | ---: | ---: |',
        ...lines,
        '',
        `${BUCKETS} buckets with a key each, a state that has them all, and the HTML page too; medians of ${runs} runs,`,
        `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, against the emulator on the same machine.`,
        ...unseenRemark(all),
      ].join('\n'),
    );
    return 0;
  });
}

/** Answers a state that has the key of each. */
async function bucketsWithKeys({ control }: EmulatorProcess): Promise<string> {
  const resources: object[] = [];
  for (let n = 0; n < BUCKETS; n += 1) {
    const name = `bucket-${String(n).padStart(4, '0')}`;
    await control.createBucket(name);
    const { accessKeyId } = await control.makeStrangerKey(name);
    resources.push({
      address: `lightsail_bucket_access_key.key["${name}"]`,
      mode: 'managed',
      type: 'lightsail_bucket_access_key',
      values: { bucket_name: name, access_key_id: accessKeyId, secret: { file: {} } },
    });
  }
  return JSON.stringify({ format_version: '1.0', values: { root_module: { resources } } });
}

/** So many answers of each hundred, evenly, ask to slow down. Answers the name of that error. */
async function throttleEach({ control }: EmulatorProcess, percent: number): Promise<string> {
  const type = 'ThrottlingException';
  const count = percent === 0 ? 0 : Math.ceil((BUCKETS * percent) / (100 - percent));
  for (let n = 1; n <= count; n += 1) {
    const nth = Math.round((n * 100) / percent);
    await control.addFault({ kind: 'error', when: 'before', type, status: 400, nth });
  }
  return type;
}

function lineOf(percent: number, rows: readonly Row[]): string {
  const seen = (quantity: keyof Cost) => show(medianOfSeen(rows.map((row) => row[quantity])), quantity);
  const cells = [
    `${percent} %`,
    seen('wallSeconds'),
    seen('cpuSeconds'),
    seen('peakBytes'),
    String(median(rows.map(({ calls }) => calls))),
    String(median(rows.map(({ throttled }) => throttled))),
  ];
  return `| ${cells.join(' | ')} |`;
}
