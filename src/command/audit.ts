import { ENDINGS, FORMAT_NAMES, renderer, rendererFor, write } from './audit/formats.js';
import { parse, type Subcommand, UsageError } from './subcommand.js';

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

Findings: missing, inactive, unmanaged (only with --state), over-age, never-used, overlap-expired, rotation-due.
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
      regions: matching('region', values.region, /^[a-z]{2}(-[a-z]+)+-\d+$/),
      buckets: matching('bucket', values.bucket, /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/),
      states: values.state,
      limits: {
        maxAgeDays:
          values['max-age-days'] === undefined ? null : days('max-age-days', values['max-age-days']),
        neverUsedDays: days('never-used-days', values['never-used-days']),
      },
    };
    const [{ performAudit }, { exitStatus }] = await Promise.all([
      import('./audit/perform-audit.js'),
      import('./audit/report.js'),
    ]);
    const report = await performAudit(request, { input: process.stdin, progress: process.stderr });
    console.log((await format())(report));
    for (const { path, render } of files) await write(path, (await render())(report));
    process.exitCode = exitStatus(report);
  },
};

function matching(option: string, values: readonly string[], pattern: RegExp): readonly string[] {
  const wrong = values.find((value) => !pattern.test(value));
  if (wrong !== undefined)
    throw new UsageError(`--${option} is ${wrong}, which is no ${option}'s name.`, usage);
  return values;
}

function days(option: string, value: string): number {
  if (/^\d{1,5}$/.test(value)) return Number(value);
  throw new UsageError(`--${option} is ${value}, which is no number of days.`, usage);
}
