import { LabelParameterVersionCommand } from '@aws-sdk/client-ssm';
import type { ParameterOptions } from '../../../src/destinations/ssm-parameter/pair-request.js';
import { JournalLog } from '../../../src/destinations/ssm-parameter/journal-log.js';
import { DestinationError } from '../../../src/lifecycle/destination.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { accessDenied, ssmError } from '../../support/ssm/strict-ssm.js';
import { SsmWorkbench } from '../../support/ssm/workbench.js';
import { entryFor, newPair } from './contract.js';

jest.setTimeout(30_000);
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
  await expect(destination.stage(newPair())).rejects.toThrow('by somebody else');
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
    const destination = bench.destination(name, lane);
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
    expect((await refusalOf(bench.destination(name, lane).journal.read())).message).toContain(
      'something else',
    );
  });
});

test.each(['alias/refused', 'alias/forbidden'])(
  'The KMS key %s is named as what refuses.',
  async (kmsKeyId) => {
    const destination = bench.destination(bench.newName(), lane, { kmsKeyId });
    const refusal = await refusalOf(destination.stage(newPair()));
    expect(refusal.message).toContain('KMS key');
    expect(refusal.remedy).toContain('kms:Encrypt');
  },
);

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
