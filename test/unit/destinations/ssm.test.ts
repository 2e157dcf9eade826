import { randomUUID } from 'node:crypto';
import { LabelParameterVersionCommand } from '@aws-sdk/client-ssm';
import { FORMATS } from '../../../src/contract/limits.js';
import { renderPair } from '../../../src/destinations/format.js';
import type { ParameterOptions } from '../../../src/destinations/ssm-parameter/pairs.js';
import { JournalLog } from '../../../src/destinations/ssm-parameter/journal.js';
import { DestinationError } from '../../../src/lifecycle/destination.js';
import type { Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
import { UnreadableRecord } from '../../../src/lifecycle/journal/stored-record.js';
import { Secret } from '../../../src/secret/secret.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { accessDenied, ssmError } from '../../support/ssm/strict-ssm.js';
import { SsmWorkbench } from '../../support/ssm/workbench.js';
import { entryFor, newPair } from './contract.js';

let bench: SsmWorkbench;
let lane: FaultLane;
beforeAll(async () => {
  bench = await SsmWorkbench.open();
  lane = await bench.lane();
});
afterAll(() => bench.close());
afterEach(() => {
  lane.clear();
});

async function refusalOf(work: Promise<unknown>): Promise<DestinationError> {
  const error: unknown = await work.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DestinationError);
  return error as DestinationError;
}

async function delivered(options: Partial<ParameterOptions> = {}) {
  const name = bench.newName();
  const destination = bench.destination(name, lane, options);
  const pair = newPair();
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  return { name, destination, pair };
}

test('A pair is written and looked at without the right to read a live one.', async () => {
  const { destination, pair } = await delivered();
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
  expect(lane.calls.filter((call) => call.startsWith('GetParameter '))).toEqual([]);
});

test('A value that somebody else wrote is seen, though it keeps the description of ours.', async () => {
  const { name, destination, pair } = await delivered();
  await bench.put({ Name: name });
  expect((await destination.read()).current).toEqual({ accessKeyId: null });
  expect(await destination.remove(pair.accessKeyId)).toBe('not-ours');
  await bench.put({ Name: name });
  // Nobody has judged this version.
  await expect(destination.stage(newPair())).rejects.toThrow('by another writer');
});

test.each(['before', 'after'] as const)(
  'An answer that is lost %s the write of the pair makes one version.',
  async (drop) => {
    const name = bench.newName();
    const destination = bench.destination(name, lane);
    for (const version of [1, 2]) {
      const pair = newPair();
      await destination.stage(pair);
      lane.plan(/^PutParameter \S+uploads$/, { drop }, 1);
      await destination.promote(pair.accessKeyId);
      expect(JSON.parse((await bench.consumed(`${name}:${version}`)) ?? '{}')).toMatchObject({
        accessKeyId: pair.accessKeyId,
      });
      expect(await bench.consumed(`${name}:${version + 1}`).catch(() => null)).toBeNull();
      expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
    }
  },
);

test('A write of somebody else between the look and the promotion leaves the pair current and recognised.', async () => {
  const { name, destination } = await delivered();
  const pair = newPair();
  await destination.stage(pair);
  let isFirst = true;
  lane.step = async (effect) => {
    const isPut = lane.calls.at(-1) === `PutParameter ${name}`;
    if (isPut && isFirst) {
      isFirst = false;
      await bench.put({ Name: name });
    }
    return effect();
  };
  await destination.promote(pair.accessKeyId);
  lane.step = (effect) => effect();
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
});

test('Metadata that lags behind is waited for.', async () => {
  const name = bench.newName();
  const destination = bench.destination(name, lane);
  const pair = newPair();
  await destination.stage(pair);
  const stale = { status: 200, body: '{"Parameters":[]}' };
  lane.step = (effect) => {
    const isPut = lane.calls.at(-1) === `PutParameter ${name}`;
    if (isPut) lane.plan(/^DescribeParameters \S+uploads$/, stale, 2);
    return effect();
  };
  await destination.promote(pair.accessKeyId);
  lane.step = (effect) => effect();
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
});

test('At 100 versions the pair is still replaced, unless somebody has put a label on the oldest.', async () => {
  const { name, destination } = await delivered();
  for (let version = 2; version <= 100; version++) await bench.put({ Name: name });
  const description = 'Lightsail access key AKIAABCDEFGHIJKLMNOP, version 101';
  await bench.put({ Name: name, Description: description });
  const pair = newPair();
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  await bench.owner.send(
    new LabelParameterVersionCommand({ Name: name, ParameterVersion: 3, Labels: ['theirs'] }),
  );
  const next = newPair();
  await destination.stage(next);
  const refusal = await refusalOf(destination.promote(next.accessKeyId));
  expect(refusal.message).toContain('its oldest one has a label');
  expect(refusal.remedy).toContain('unlabel-parameter-version');
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
});

describe('What cannot be a destination is refused', () => {
  test.each([
    ['/aws/app', 'belong to AWS'],
    ['ssm-app', 'belong to AWS'],
    ['app/uploads', 'begins with a slash'],
    ['/app/', 'empty'],
    ['/app/a b', 'nothing else'],
    ['arn:aws:ssm:eu-central-1:123456789012:parameter/app', 'ARN'],
    [`/${Array.from({ length: 16 }, () => 'a').join('/')}`, '16 levels'],
    [`/${'a'.repeat(950)}`, 'characters'],
  ])('%s', async (name, words) => {
    // There is no policy for what is no name.
    const destination = bench.destinationWithoutRights(name, lane);
    for (const work of [destination.check(), destination.read(), destination.journal.read()]) {
      expect((await refusalOf(work)).message).toContain(words);
    }
  });

  test('a String', async () => {
    const name = bench.newName();
    await bench.put({ Name: name, Type: 'String' });
    expect((await refusalOf(bench.destination(name, lane).check())).message).toContain('not a SecureString');
  });

  test('a parameter of the tier Advanced where Standard is asked for; without a tier it stays Advanced', async () => {
    const { name, destination } = await delivered({ tier: 'Advanced' });
    const standard = bench.destination(name, lane, { tier: 'Standard' });
    expect((await refusalOf(standard.check())).message).toContain('no way back');
    const plain = bench.destination(name, lane);
    const pair = newPair();
    await plain.stage(pair);
    await plain.promote(pair.accessKeyId);
    expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
  });

  test('a journal that is something else', async () => {
    const name = bench.newName();
    await bench.put({ Name: `${name}.lightsail-journal`, Type: 'String' });
    const reading = bench.destination(name, lane).journal.read();
    await expect(reading).rejects.toBeInstanceOf(UnreadableRecord);
    await expect(reading).rejects.toThrow('something else');
  });
});

describe('The limits of Parameter Store', () => {
  const sized = (bytes: number) => {
    const pair = { ...newPair(), bucket: '' };
    return { ...pair, bucket: 'b'.repeat(bytes - Buffer.byteLength(renderPair('sdk', pair))) };
  };

  test.each([
    [undefined, 4096],
    ['Standard', 4096],
    ['Advanced', 8192],
    ['Intelligent-Tiering', 8192],
  ] as const)('are kept before a value is sent: the tier %s takes %i bytes', async (tier, largest) => {
    const destination = bench.destination(bench.newName(), lane, { ...(tier && { tier }) });
    const pair = sized(largest);
    await destination.stage(pair);
    await destination.promote(pair.accessKeyId);
    expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
    const from = lane.calls.length;
    const refusal = await refusalOf(destination.stage(sized(largest + 1)));
    expect(refusal.message).toContain(`A pair of ${largest + 1} bytes is too long`);
    expect(lane.calls.slice(from).filter((call) => call.startsWith('PutParameter'))).toEqual([]);
  });

  test('are never met by a pair of Lightsail: so a plan has no size to refuse', () => {
    const pair = {
      ...newPair(),
      bucket: 'b'.repeat(54),
      region: 'ap-southeast-12',
      accessKeyId: 'A'.repeat(128),
    };
    for (const format of FORMATS) {
      const text = renderPair(format, { ...pair, secretAccessKey: new Secret('/'.repeat(256)) });
      expect(Buffer.byteLength(text)).toBeLessThan(1024);
    }
  });

  test('have room for the longest entry of the journal', () => {
    const id = 'A'.repeat(20);
    const name = 'b'.repeat(54);
    const at = '2026-01-31T10:00:00.000Z';
    const holder = {
      machine: 'm'.repeat(88),
      pid: 4_194_304,
      started: '9'.repeat(20),
      host: 'h'.repeat(253),
      folder: 'f'.repeat(200),
      workspace: 'w'.repeat(200),
    };
    const lateWindow = { baseline: [id, id], since: at, until: at };
    const of = { bucket: name, form: 'credential_process', holder, lateWindow };
    const marked = { at, expiresAt: at, replaceableUntil: at };
    const before: Mark = { ...of, phase: 'unconfirmed', accessKeyId: id, ...marked };
    const times = { begunAt: at, expiresAt: at };
    const flags = { withdrawn: true, released: true, answered: true } as const;
    const ids = { nonce: randomUUID(), baseline: [id, id], made: id };
    const entry: Intent = { ...of, ...times, ...flags, ...ids, phase: 'intent', before };
    const text = JSON.stringify({ id: randomUUID(), follows: randomUUID(), entry });
    expect(Buffer.byteLength(text)).toBeLessThan(4096);
  });

  test('of 100 versions holds back the journal where somebody has put a label on its oldest', async () => {
    const { journal } = bench.destination(bench.newName(), lane);
    const error = ssmError('ParameterMaxVersionLimitExceeded', 'The oldest version has a label.');
    lane.plan(/^PutParameter \S+\.lightsail-journal/, error);
    const refusal = await refusalOf(journal.write(entryFor(newPair()), '0'));
    expect(refusal.message).toMatch(/\.lightsail-journal .*its oldest one has a label/);
    expect(refusal.remedy).toContain('unlabel-parameter-version');
  });

  test.each(['uploads', `/${Array.from({ length: 15 }, () => 'level').join('/')}`])(
    'allow names without levels, and with fifteen: %s',
    async (start) => {
      const name = `${start}-${randomUUID()}`;
      const destination = bench.destination(name, lane);
      const pair = newPair();
      await destination.check();
      await destination.journal.write(entryFor(pair), '0');
      await destination.stage(pair);
      expect(await bench.names(name)).toContain(`${name}.lightsail-pending-${pair.accessKeyId}`);
      expect((await destination.promote(pair.accessKeyId)).reference).toBe(name);
      expect(await destination.remove(pair.accessKeyId)).toBe('removed');
      expect(await bench.names(name)).toEqual([]);
    },
  );

  test('let a parameter of any tier go on as Intelligent-Tiering', async () => {
    for (const tier of [undefined, 'Advanced'] as const) {
      const { name } = await delivered({ ...(tier && { tier }) });
      const next = bench.destination(name, lane, { tier: 'Intelligent-Tiering' });
      await next.check();
      const pair = newPair();
      await next.stage(pair);
      await next.promote(pair.accessKeyId);
      expect((await next.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
    }
  });
});

describe('A KMS key that refuses', () => {
  const states = {
    'is disabled': (key: string) => bench.kms.disable(key),
    'is going to be deleted': (key: string) => bench.kms.scheduleDeletion(key),
  };

  test.each(Object.entries(states))('is named at the check and at the write: it %s', async (what, spoil) => {
    const kmsKeyId = await bench.kms.create();
    await spoil(kmsKeyId);
    const destination = bench.destination(bench.newName(), lane, { kmsKeyId });
    const atPlan = await refusalOf(destination.check());
    expect(atPlan.message).toContain(`with KMS key ${kmsKeyId}, which ${what}`);
    expect(atPlan.remedy).toContain('choose another key');
    const atApply = await refusalOf(destination.stage(newPair()));
    expect(atApply.message).toContain(`refuses PutParameter: the key ${what}`);
    expect(atApply.remedy).toContain('kms:Encrypt');
  });

  test('is named where there is none, or one of another region', async () => {
    const missing = bench.destination(bench.newName(), lane, { kmsKeyId: 'alias/nowhere' });
    expect((await refusalOf(missing.check())).message).toContain('does not exist in eu-central-1');
    expect((await refusalOf(missing.stage(newPair()))).message).toContain('there is no such key');
    const kmsKeyId = 'arn:aws:kms:us-east-1:123456789012:key/0000';
    const elsewhere = bench.destination(bench.newName(), lane, { kmsKeyId });
    expect((await refusalOf(elsewhere.check())).message).toContain('is in us-east-1 and not in eu-central-1');
  });

  test.each([
    ['This run is not authorized to perform: kms:Encrypt on resource: arn:aws:kms:eu-central-1:1:key/1'],
    ['The ciphertext refers to a customer master key that does not exist or that you may not access.'],
  ])('without the right to use it says so: %s', async (words) => {
    lane.plan(/^PutParameter /, ssmError('AccessDeniedException', words));
    const refusal = await refusalOf(bench.destination(bench.newName(), lane).stage(newPair()));
    expect(refusal.message).toContain('The KMS key of SSM parameter');
    expect(refusal.remedy).toContain('kms:Encrypt');
  });

  test('is nobody’s fault where KMS cannot be asked: then the write tells', async () => {
    const kmsKeyId = await bench.kms.create();
    await bench.kms.disable(kmsKeyId);
    for (const fault of [
      ssmError('AccessDeniedException', 'no kms:DescribeKey'),
      { drop: 'before' },
    ] as const) {
      lane.plan(/^DescribeKey/, fault);
      await bench.destination(bench.newName(), lane, { kmsKeyId }).check();
      lane.clear();
    }
    await bench.destination(bench.newName(), lane, { kmsKeyId: 'alias/aws/ssm' }).check();
    expect(lane.calls.at(-1)).not.toContain('DescribeKey');
  });
});

test.each([
  ['DescribeParameters', (d: ReturnType<typeof bench.destination>) => d.read()],
  ['GetParameterHistory', (d: ReturnType<typeof bench.destination>) => d.journal.read()],
  ['GetParameter', (d: ReturnType<typeof bench.destination>) => d.staged('AKIAABCDEFGHIJKLMNOP')],
  ['PutParameter', (d: ReturnType<typeof bench.destination>) => d.stage(newPair())],
  ['DeleteParameter', (d: ReturnType<typeof bench.destination>) => d.discard('AKIAABCDEFGHIJKLMNOP')],
] as const)('Without the right to call %s the error names it.', async (action, work) => {
  lane.plan(new RegExp(`^${action} `), accessDenied(action));
  const refusal = await refusalOf(work(bench.destination(bench.newName(), lane)));
  expect(refusal.message).toContain(`ssm:${action}`);
  expect(refusal.remedy).toContain(`Allow ssm:${action}`);
});

test('Whatever AWS answers to a pair, the error does not quote it.', async () => {
  const pair = newPair();
  const secret = pair.secretAccessKey.reveal();
  for (const reply of [
    ssmError('ValidationException', `Value '${secret}' at 'value' is not valid.`),
    ssmError('InternalServerError', `Value '${secret}'`, 500),
    { status: 200, body: `{"secret": "${secret}` },
  ]) {
    lane.clear();
    lane.plan(/^PutParameter /, reply);
    const refusal = await refusalOf(bench.destination(bench.newName(), lane).stage(pair));
    expect(`${refusal.message} ${refusal.remedy} ${String(refusal.stack)}`).not.toContain(secret);
  }
});

test('Throttling passes, and a server that nobody answers at is named.', async () => {
  const destination = bench.destination(bench.newName(), lane);
  lane.plan(/^PutParameter /, ssmError('ThrottlingException', 'Rate exceeded'), 2);
  lane.plan(/^PutParameter /, ssmError('TooManyUpdates', 'Others'), 2);
  await destination.stage(newPair());
  lane.plan(/./, { drop: 'before' });
  expect((await refusalOf(destination.read())).message).toContain('gave no answer');
});

describe('The journal', () => {
  test.each(['before', 'after'] as const)('takes a write whose answer was lost %s it once', async (drop) => {
    const { journal } = bench.destination(bench.newName(), lane);
    let revision = '0';
    for (let round = 0; round < 3; round++) {
      lane.plan(/^PutParameter /, { drop }, 1);
      const entry = entryFor(newPair());
      const reading = await journal.write(entry, revision);
      expect(reading?.entry).toEqual(entry);
      expect(await journal.read()).toEqual(reading);
      revision = reading?.revision ?? '';
    }
  });

  test('has one winner of twenty, also where answers are lost and histories are old', async () => {
    const name = bench.newName();
    const lanes = await Promise.all(Array.from({ length: 20 }, () => bench.lane()));
    let revision = '0';
    for (let round = 0; round < 3; round++) {
      for (const each of lanes.slice(0, 10)) each.plan(/^PutParameter /, { drop: 'after' }, 1);
      const entries = lanes.map(() => entryFor(newPair()));
      const answers = await Promise.all(
        lanes.map((each, index) =>
          bench.destination(name, each).journal.write(entries[index] ?? null, revision),
        ),
      );
      const winners = answers.filter((answer) => answer !== null);
      expect(winners).toHaveLength(1);
      expect(await bench.destination(name, lane).journal.read()).toEqual(winners[0]);
      revision = winners[0]?.revision ?? '';
    }
  });

  test('goes on past 100 versions', async () => {
    const { journal } = bench.destination(bench.newName(), lane);
    let revision = '0';
    for (let round = 0; round < 120; round++) {
      const reading = await journal.write(entryFor(newPair()), revision);
      expect(await journal.read()).toEqual(reading);
      revision = reading?.revision ?? '';
    }
  });

  test('counts the first that follows, and forgets what came too late, wherever the log is cut off', () => {
    const entry = entryFor(newPair());
    const write = (version: number, id: string, follows: string) => ({
      version,
      value: JSON.stringify({ id, follows, entry }),
    });
    const all = [
      write(1, 'a', ''),
      write(2, 'x', ''),
      write(3, 'b', 'a'),
      write(4, 'y', 'a'),
      { version: 5, value: 'theirs' },
      write(6, 'c', 'b'),
      write(7, 'z', 'b'),
    ];
    expect(all.map((_, index) => new JournalLog(all.slice(0, index + 1)).present?.id)).toEqual([
      ...['a', 'a', 'b', 'b', 'b', 'c', 'c'],
    ]);
    expect([0, 1, 2].map((from) => new JournalLog(all.slice(from)).present?.id)).toEqual(['c', 'c', 'c']);
    expect(new JournalLog(all.slice(3)).present).toBeUndefined();
    expect(new JournalLog([write(1, 'late', 'gone')]).present).toBeNull();
    expect(new JournalLog([write(1, 'late', 'gone')]).counts({ id: 'late', follows: 'gone', entry })).toBe(
      false,
    );
  });
});
