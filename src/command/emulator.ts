import { once } from 'node:events';
import { Emulator } from '../emulator/index.js';
import { parse, type Subcommand, UsageError } from './subcommand.js';

const usage = `Usage: lightsail-access-key emulator [--port N] [--bucket B]… [--new-key-lag MS] [--deleted-key-lag MS]

Runs a local stand-in for Amazon Lightsail's buckets and their S3, for trying things out and for tests, until
Ctrl-C. It prints its address and the environment with which Terraform uses it.

  --port N     the port on 127.0.0.1; default: any free one
  --bucket B   a bucket that exists from the start; may be given several times

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
        'new-key-lag': { type: 'string', default: '0' },
        'deleted-key-lag': { type: 'string', default: '0' },
      },
    });
    const lag = {
      newKeyMs: milliseconds('new-key-lag', values['new-key-lag']),
      deletedKeyMs: milliseconds('deleted-key-lag', values['deleted-key-lag']),
    };
    const server = await Emulator.start({ port: portOf(values.port), buckets: values.bucket, lag });
    console.log(greeting(server, values.bucket));
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await server.close();
  },
};

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port is ${text}, which is no port: give a number from 0 to 65535.`, usage);
}

function milliseconds(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} is ${text}: give whole milliseconds.`, usage);
}

function greeting({ url, env }: Emulator, buckets: readonly string[]): string {
  const exports = Object.entries(env).map(([name, value]) => `  export ${name}='${value}'`);
  return `The emulator listens on ${url}. Ctrl-C ends it.
Buckets: ${buckets.length > 0 ? buckets.join(', ') : 'none; --bucket NAME makes one'}

In the shell that runs Terraform:

${exports.join('\n')}`;
}
