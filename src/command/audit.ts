import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CHECKS, exitStatus, OF_STATES, type Report } from './audit/report.js';
import { bucketNames, parse, type Subcommand, UsageError } from './subcommand.js';

type Render = (report: Report) => string;

/** Each in a file of its own, loaded when it is asked for. */
const FORMATS: Readonly<Record<string, () => Promise<Render>>> = {
  table: async () => (await import('./audit/render/table.js')).table,
  json: async () => (await import('./audit/render/json.js')).json,
  junit: async () => (await import('./audit/render/junit.js')).junit,
  html: async () => (await import('./audit/render/html.js')).htmlPage,
};

const BY_ENDING: Readonly<Record<string, string>> = {
  '.txt': 'table',
  '.json': 'json',
  '.xml': 'junit',
  '.html': 'html',
};

const FORMAT_NAMES = Object.keys(FORMATS).join(', ');
const ENDINGS = Object.keys(BY_ENDING).join(', ');

const usage = `Usage: lightsail-access-key audit [OPTION]…

Looks at every access key of the buckets, against what Terraform states say is managed. It only reads, and needs the
rights lightsail:GetBuckets and lightsail:GetBucketAccessKeys. Credentials, profile, endpoint and proxy come from the
environment, as for the AWS provider.

  --region R            a Region to look at; may be given several times; default: that of the environment or profile
  --bucket B            only this bucket; may be given several times; default: all buckets of each Region
  --state FILE          what \`terraform show -json\` printed, a state file, or a folder that \`cdktf synth\` wrote;
                        - reads standard input; may be given several times
  --max-age-days N      a key older than N days is a finding; default: no limit
  --never-used-days N   so is a key made N or more days ago that was never used; default: 30
  --format F            ${FORMAT_NAMES}; default: table
  --output FILE         writes the report into FILE as well, in the format of its ending (${ENDINGS});
                        may be given several times

Findings: ${CHECKS.filter((check) => !OF_STATES.has(check)).join(', ')}; with --state also ${[...OF_STATES].join(', ')}.
Exit status: 0 nothing found, 2 findings, 1 something could not be read (what could be is printed all the same).`;

export const audit: Subcommand = {
  name: 'audit',
  summary: 'looks at all access keys of buckets, against Terraform states',
  usage,
  async run(args) {
    const { values } = parse(args, usage, {
      options: {
        region: { type: 'string', multiple: true, default: [] },
        bucket: { type: 'string', multiple: true, default: [] },
        state: { type: 'string', multiple: true, default: [] },
        'max-age-days': { type: 'string' },
        'never-used-days': { type: 'string', default: '30' },
        format: { type: 'string', default: 'table' },
        output: { type: 'string', multiple: true, default: [] },
      },
    });
    const format = renderer(values.format);
    if (!format) {
      throw new UsageError(`Give --format as one of ${FORMAT_NAMES}.`, usage);
    }
    const files = values.output.map((path) => {
      const render = rendererFor(path);
      if (render) return { path, render };
      throw new UsageError(`--output is ${path}, which ends with none of ${ENDINGS}.`, usage);
    });
    const request = {
      regions: regionNames(values.region),
      buckets: bucketNames(values.bucket, usage),
      states: values.state,
      limits: {
        maxAgeDays:
          values['max-age-days'] === undefined ? null : days('max-age-days', values['max-age-days']),
        neverUsedDays: days('never-used-days', values['never-used-days']),
      },
    };
    const { performAudit } = await import('./audit/perform-audit.js');
    const report = await performAudit(request, { input: process.stdin, progress: process.stderr });
    console.log((await format())(report));
    for (const { path, render } of files) await write(path, (await render())(report));
    process.exitCode = exitStatus(report);
  },
};

function regionNames(values: readonly string[]): readonly string[] {
  const wrong = values.find((value) => !/^[a-z]{2}(-[a-z]+)+-\d+$/.test(value));
  if (wrong === undefined) return values;
  throw new UsageError(
    `--region ${wrong} is not the name of a Region: give one such as eu-central-1.`,
    usage,
  );
}

function days(option: string, value: string): number {
  if (/^\d{1,5}$/.test(value)) return Number(value);
  throw new UsageError(`--${option} ${value} is not a number of days.`, usage);
}

function renderer(format: string): (() => Promise<Render>) | null {
  return (Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined) ?? null;
}

/** Of the format that the file's ending tells. */
function rendererFor(path: string): (() => Promise<Render>) | null {
  return renderer(BY_ENDING[extname(path)] ?? '');
}

/** Throws where it cannot: who asked for the file would take an old one for this report. */
async function write(path: string, text: string): Promise<void> {
  await writeFile(path, `${text}\n`).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Error(
      `The report could not be written into ${path} (${code}). It is complete on standard output.`,
      { cause },
    );
  });
}
