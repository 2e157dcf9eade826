import type { KeyPair } from '../../../../src/lifecycle/access-key.js';
import { CommandDestination, Written } from '../../../../src/destinations/command/store.js';
import type { CommandOptions } from '../../../../src/destinations/command/store.js';
import { Secret } from '../../../../src/secret/secret.js';
import { Programs } from './programs.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const pair: KeyPair = {
  bucket: 'uploads',
  region: 'eu-central-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret(SECRET),
  createdAt: new Date('2026-01-02T03:04:05Z'),
};
const next: KeyPair = { ...pair, accessKeyId: 'AKIAIOSFODNN7NEXTONE' };

let programs: Programs;
let written: Written;
beforeEach(() => {
  programs = new Programs();
  written = new Written();
});
afterEach(() => {
  programs.remove();
});

function destination(options: Partial<CommandOptions> = {}): CommandDestination {
  return new CommandDestination(
    {
      write: ['write'],
      delete: null,
      format: 'sdk',
      bucket: 'uploads',
      current: null,
      reference: null,
      ...options,
    },
    written,
    { milliseconds: 300_000, graceMilliseconds: 1_000 },
  );
}

async function deliver(target: CommandDestination, delivered = pair) {
  await target.stage(delivered);
  return target.promote(delivered.accessKeyId);
}

describe('writing', () => {
  test('the program gets one JSON object on its standard input', async () => {
    const write = [programs.recorder('write'), '--vault', 'CI uploads'];
    await deliver(destination({ write, format: 'env' }));
    const [run, ...others] = programs.runs('write');
    expect(others).toEqual([]);
    expect(run?.argv).toEqual(write);
    expect(run?.stdin).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(run?.stdin ?? '')).toEqual({
      version: 1,
      event: 'write',
      bucketName: 'uploads',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: SECRET,
      region: 'eu-central-1',
      createdAt: '2026-01-02T03:04:05.000Z',
      content: `AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=${SECRET}\nAWS_REGION=eu-central-1\n`,
    });
  });

  test("the program's environment is Terraform's, without the secret", async () => {
    await deliver(destination({ write: [programs.recorder('write')] }));
    const env = programs.runs('write')[0]?.env ?? {};
    expect(env).toEqual(process.env);
    expect(JSON.stringify(env)).not.toContain(SECRET);
  });

  test('a program written for Node gets the certificates back that the launcher put aside', async () => {
    process.env.LIGHTSAIL_EXTRA_CA_CERTS = '/etc/ssl/own.pem';
    try {
      await deliver(destination({ write: [programs.recorder('write')] }));
    } finally {
      delete process.env.LIGHTSAIL_EXTRA_CA_CERTS;
    }
    expect(programs.runs('write')[0]?.env).toMatchObject({ NODE_EXTRA_CA_CERTS: '/etc/ssl/own.pem' });
    expect(programs.runs('write')[0]?.env).not.toHaveProperty('LIGHTSAIL_EXTRA_CA_CERTS');
  });

  test('no shell reads the arguments', async () => {
    const write = [programs.recorder('write'), '$HOME', '; exit 1', '*'];
    await deliver(destination({ write }));
    expect(programs.runs('write')[0]?.argv).toEqual(write);
  });

  test('staging and discarding run nothing', async () => {
    const target = destination({ write: [programs.recorder('write')] });
    await target.stage(pair);
    expect((await target.staged(pair.accessKeyId))?.reveal()).toBe(pair.secretAccessKey.reveal());
    await target.discard(pair.accessKeyId);
    expect(await target.read()).toEqual({ current: null });
    expect(await target.staged(pair.accessKeyId)).toBeNull();
    expect(programs.runs('write')).toEqual([]);
  });

  test('the same key is written once in a process, whoever asks', async () => {
    const write = [programs.recorder('write', 'console.log(JSON.stringify({ reference: "op://ci/key" }))')];
    const first = await deliver(destination({ write }));
    const again = destination({ write });
    expect(await deliver(again)).toEqual(first);
    expect(await again.read()).toMatchObject({ current: { accessKeyId: pair.accessKeyId } });
    expect(programs.runs('write')).toHaveLength(1);
    await deliver(again, next);
    expect(programs.runs('write')).toHaveLength(2);
  });

  test('two buckets may use the same program', async () => {
    const write = [programs.recorder('write')];
    await deliver(destination({ write }));
    await deliver(destination({ write, bucket: 'downloads' }), { ...pair, bucket: 'downloads' });
    expect(programs.runs('write')).toHaveLength(2);
  });

  test('a program that does not read its input decides by its exit status', async () => {
    const huge = { ...pair, bucket: 'b'.repeat(1_000_000) };
    await expect(deliver(destination({ write: ['true'] }), huge)).resolves.toMatchObject({ secret: null });
  });

  test('a failed write may be repeated', async () => {
    const write = [programs.file('write', `#!/bin/sh\ncat >/dev/null\n[ -e "$0.ok" ]`)];
    const target = destination({ write });
    await expect(deliver(target)).rejects.toThrow('exit status 1');
    expect(await target.read()).toEqual({ current: null });
    programs.file('write.ok', '');
    await expect(target.promote(pair.accessKeyId)).resolves.toMatchObject({ secret: null });
  });
});

describe('the reference', () => {
  const saying = async (line: string) => {
    const write = [programs.file('write', `#!/bin/sh\ncat >/dev/null\ncat <<'END'\n${line}\nEND\n`)];
    const target = destination({ write });
    const { reference } = await deliver(target);
    expect(target.reference).toBe(reference);
    return reference;
  };

  test('is what the program says in its first line', async () => {
    expect(await saying('{"reference":"op://ci/uploads"}\nDone.')).toBe('op://ci/uploads');
  });

  test.each(['Done.', '', '{"reference":""}', '{"reference":7}', 'null', 'Done.\n{"reference":"x"}'])(
    'is nothing when the program says %j',
    async (line) => {
      expect(await saying(line)).toBeNull();
    },
  );

  test('is nothing when the program says the secret, in clear or encoded', async () => {
    expect(await saying(JSON.stringify({ reference: `https://store/?${SECRET}` }))).toBeNull();
    written = new Written();
    const encoded = Buffer.from(`key:${SECRET}`).toString('base64');
    expect(await saying(JSON.stringify({ reference: encoded }))).toBeNull();
  });

  test("is nothing when the program says what looks like another key's secret", async () => {
    const other = 'nR4kQ0tZ/8pLwX2vB6mYc1hJ9sDfGaE3uToViKzP';
    expect(await saying(JSON.stringify({ reference: `store:${other}` }))).toBeNull();
  });

  test('is what the state has as long as this process has written nothing', () => {
    expect(destination({ current: pair.accessKeyId, reference: 'op://ci/key' }).reference).toBe(
      'op://ci/key',
    );
  });
});

describe('deleting', () => {
  test('runs the program with the ID and without a secret', async () => {
    const target = destination({ delete: [programs.recorder('delete'), '-x'], current: pair.accessKeyId });
    expect(await target.remove(pair.accessKeyId)).toBe('removed');
    const [run] = programs.runs('delete');
    expect(run?.argv.slice(1)).toEqual(['-x']);
    expect(JSON.parse(run?.stdin ?? '')).toEqual({
      version: 1,
      event: 'delete',
      bucketName: 'uploads',
      accessKeyId: pair.accessKeyId,
    });
    expect((await target.read()).current).toBeNull();
  });

  test('is done once', async () => {
    const options = { delete: [programs.recorder('delete')], current: pair.accessKeyId };
    await destination(options).remove(pair.accessKeyId);
    expect(await destination(options).remove(pair.accessKeyId)).toBe('absent');
    expect(programs.runs('delete')).toHaveLength(1);
  });

  test("leaves another key's pair", async () => {
    const target = destination({ delete: [programs.recorder('delete')], current: next.accessKeyId });
    expect(await target.remove(pair.accessKeyId)).toBe('not-ours');
    expect(programs.runs('delete')).toEqual([]);
  });

  test('leaves the new pair when the old key goes after it (create_before_destroy)', async () => {
    const argv = { write: [programs.recorder('write')], delete: [programs.recorder('delete')] };
    await deliver(destination(argv), next);
    const old = destination({ ...argv, current: pair.accessKeyId });
    expect(await old.remove(pair.accessKeyId)).toBe('not-ours');
    expect(programs.runs('delete')).toEqual([]);
  });

  test('without a program leaves what was written', async () => {
    expect(await destination({ current: pair.accessKeyId }).remove(pair.accessKeyId)).toBe('absent');
  });

  test('that fails says so, and may be repeated', async () => {
    const target = destination({ delete: ['false'], current: pair.accessKeyId });
    await expect(target.remove(pair.accessKeyId)).rejects.toThrow(
      'The program false ended with exit status 1',
    );
    await expect(target.remove(pair.accessKeyId)).rejects.toThrow('exit status 1');
  });
});
