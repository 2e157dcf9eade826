import { once } from 'node:events';
import { Emulator, LIGHTSAIL_REGIONS } from '../emulator/index.js';
import { bucketNames, parse, type Subcommand, UsageError } from './subcommand.js';

const usage = `Usage: lightsail-access-key emulator [--port N] [--bucket B]… [--region R]… [--new-key-lag MS] [--deleted-key-lag MS]

Runs a local stand-in for Amazon Lightsail's buckets and their S3, for trying things out and for tests, until
Ctrl-C. It prints its address and the environment with which Terraform uses it.

  --port N     the port on 127.0.0.1; default: any free one
  --bucket B   a bucket that exists from the start, in each Region; may be given several times
  --region R   serves this Region alone; may be given several times. Default: every Region of Lightsail

  --new-key-lag MS       lists do not show a new key for so many milliseconds
  --deleted-key-lag MS   lists still show a deleted key for so many milliseconds`;

export const emulator: Subcommand = {
  name: 'emulator',
  summary: 'runs a local stand-in for Lightsail and S3',
  usage,
  async run(args) {
    const { values } = parse(args, usage, {
      options: {
        port: { type: 'string', default: '0' },
        bucket: { type: 'string', multiple: true, default: [] },
        region: { type: 'string', multiple: true, default: [] },
        'new-key-lag': { type: 'string', default: '0' },
        'deleted-key-lag': { type: 'string', default: '0' },
      },
    });
    const lag = {
      newKeyMs: milliseconds('new-key-lag', values['new-key-lag']),
      deletedKeyMs: milliseconds('deleted-key-lag', values['deleted-key-lag']),
    };
    const regions = values.region.length > 0 ? values.region.map(regionOf) : LIGHTSAIL_REGIONS;
    const [region = LIGHTSAIL_REGIONS[0]] = regions;
    const port = portOf(values.port);
    const buckets = bucketNames(values.bucket, usage);
    const server = await Emulator.start({ port, region, regions, buckets, lag }).catch((error: unknown) => {
      throw notListening(port, error);
    });
    // Before anything is said: whoever reads it may answer at once.
    const end = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    console.log(greeting(server, buckets, values.region));
    await end;
    await server.close();
  },
};

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port ${text} is not a port: give a number from 0 to 65535.`, usage);
}

function notListening(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const remedy = 'Give --port another number, or leave it out for any free port.';
  if (code === 'EADDRINUSE') {
    return new Error(
      `Another program listens on port ${port} already, so no emulator was started. ${remedy}`,
    );
  }
  if (code === 'EACCES') {
    return new Error(`The system allows this user no port ${port}, so no emulator was started. ${remedy}`);
  }
  return error;
}

function regionOf(name: string): string {
  if ((LIGHTSAIL_REGIONS as readonly string[]).includes(name)) return name;
  throw new UsageError(
    `--region ${name} is not a Region of Lightsail. Give one of: ${LIGHTSAIL_REGIONS.join(', ')}.`,
    usage,
  );
}

function milliseconds(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} is ${text}: give whole milliseconds.`, usage);
}

function greeting({ url, env }: Emulator, buckets: readonly string[], regions: readonly string[]): string {
  const exports = Object.entries(env).map(([name, value]) => `  export ${name}='${value}'`);
  return `The emulator listens on ${url}. Ctrl-C ends it.
Buckets: ${buckets.length > 0 ? buckets.join(', ') : 'none; --bucket NAME makes one'}
Regions: ${regions.length > 0 ? regions.join(', ') : 'all of Lightsail, each with these buckets and keys of its own'}

In the shell that runs Terraform:

${exports.join('\n')}`;
}
