import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Example } from '../../../support/example.js';
import { repository } from '../../../support/provider-build.js';
import type { Pair } from '../../../support/s3-consumer.js';
import { StoreTools } from '../../../support/store-tools/store-tools.js';
import { exhibitsIn, removalContexts } from '../../canary/scan.js';

const PROGRAMS = join(repository, 'examples/command/programs');

interface Place {
  readonly tool: string;
  readonly reference: string;
  /** What a consumer finds there, in its own way. */
  readonly consume: (tools: StoreTools) => Promise<Pair>;
}

const inJson = (text: string) => JSON.parse(text) as Pair;
const base64 = (text = '') => Buffer.from(text, 'base64').toString();

const places: Readonly<Record<string, Place>> = {
  doppler: {
    tool: 'doppler',
    reference: 'doppler:shop/prd/UPLOADS_KEY',
    consume: async (tools) => {
      const at = ['--project', 'shop', '--config', 'prd', '--plain'];
      return inJson(await tools.run('doppler', 'secrets', 'get', 'UPLOADS_KEY', ...at));
    },
  },
  github: {
    tool: 'gh',
    reference: 'github:my-organization/my-repository/secrets/UPLOADS_KEY',
    // Only a workflow reads a secret: here, from where the stand-in keeps it.
    consume: (tools) => {
      const kept = tools.kept('gh')['my-organization/my-repository/secrets/UPLOADS_KEY'];
      return Promise.resolve(inJson(String(kept)));
    },
  },
  gitlab: {
    tool: 'glab',
    reference: 'gitlab:my-group/my-project/variables/UPLOADS_KEY',
    consume: async (tools) => {
      const at = ['--repo', 'my-group/my-project'];
      return inJson(base64(await tools.run('glab', 'variable', 'get', 'UPLOADS_KEY', ...at)));
    },
  },
  kubernetes: {
    tool: 'kubectl',
    reference: 'kubernetes:shop/secrets/uploads',
    consume: async (tools) => {
      const at = ['--namespace', 'shop', '--output', 'json'];
      const secret = await tools.run('kubectl', 'get', 'secret', 'uploads', ...at);
      const { data } = JSON.parse(secret) as { data: Record<string, string> };
      return {
        accessKeyId: base64(data.AWS_ACCESS_KEY_ID),
        secretAccessKey: base64(data.AWS_SECRET_ACCESS_KEY),
      };
    },
  },
  'one-password': {
    tool: 'op',
    reference: 'op://CI/uploads/content',
    consume: async (tools) => inJson(await tools.run('op', 'read', 'op://CI/uploads/content')),
  },
};

test('there is a place for each program', () => {
  const programs = readdirSync(PROGRAMS).filter((name) => name !== 'event.mjs');
  expect(programs.sort()).toEqual(Object.keys(places).map((place) => `${place}.mjs`));
});

test.each(Object.entries(places))(
  'command brings a pair that S3 accepts to %s, and takes it away again',
  async (place, { tool, reference, consume }) => {
    const tools = new StoreTools();
    const ends = [
      () => {
        tools.remove();
      },
    ] as (() => void | Promise<void>)[];
    try {
      const env = { PLACE: place, PROGRAMS, PATH: tools.path };
      const example = await Example.open('command', { env });
      ends.push(() => example.close());
      await example.apply();
      expect(await example.output('secret-reference')).toBe(reference);
      const pair = await consume(tools);
      expect(example.keyIds()).toEqual([pair.accessKeyId]);
      expect(await example.output('access-key-id')).toBe(pair.accessKeyId);
      await example.use(pair);
      expect(removalContexts([pair.secretAccessKey], exhibitsIn(example.folder))).toEqual([]);
      expect(await example.planAgain()).toMatchObject({ code: 0 });
      expect(await example.destroy()).toEqual([]);
      expect(example.keyIds()).toEqual([]);
      expect(tools.kept(tool)).toEqual({});
    } finally {
      for (const end of ends.reverse()) await end();
    }
  },
);

test('command names its program by the same path from every checkout', async () => {
  const example = await Example.open('command');
  try {
    const program = ['../../../programs/github.mjs', 'my-organization/my-repository', 'UPLOADS_KEY'];
    const { resource } = JSON.parse(example.file('cdk.tf.json')) as {
      resource: { lightsail_bucket_access_key: Record<string, unknown> };
    };
    expect(Object.values(resource.lightsail_bucket_access_key)).toMatchObject([
      { secret: { command: { write: program, delete: program } } },
    ]);
  } finally {
    await example.close();
  }
});
