import { whyNotAccepted, whyNotSettled, whyTooNew } from '../../../src/lifecycle/acceptance.js';
import type { KeyPair } from '../../../src/lifecycle/access-key.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import { render } from '../../../src/lifecycle/message.js';
import type { Message } from '../../../src/lifecycle/message.js';
import type { Acceptance, KeyContext } from '../../../src/lifecycle/ports.js';
import type { ServiceTime } from '../../../src/lifecycle/service-time.js';
import { Secret } from '../../../src/secret/secret.js';

const NEW: KeyPair = {
  bucket: 'uploads',
  region: 'eu-west-1',
  accessKeyId: 'AKIANEW',
  secretAccessKey: new Secret('secret'),
  createdAt: null,
};

const ACCEPTED: Acceptance = { state: 'accepted' };
const DENIED: Acceptance = { state: 'denied', reason: 'AccessDenied.' };
const UNKNOWN: Acceptance = { state: 'not-yet', reason: 'InvalidAccessKeyId.' };

/** S3 as it answers at each second, and a clock that goes by what is slept. */
function setUp(answers: (second: number) => Acceptance, askedAgainAfter?: number) {
  let now = 0;
  const asked: number[] = [];
  const warnings: string[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const stop = new AbortController();
  const known = new KnownKeys();
  const context = {
    keys: { bucket: 'uploads' },
    known,
    signal: stop.signal,
    s3: {
      askedAgainAfter,
      accepts: () => {
        asked.push(now / 1000);
        return Promise.resolve(answers(now / 1000));
      },
    },
    clock: {
      elapsed: () => now,
      sleep: (milliseconds: number, signal?: AbortSignal) => {
        if (!signal?.aborted) now += milliseconds;
        return Promise.resolve();
      },
    },
    warn: (message: Message) => warnings.push(render(message).summary),
    log: (_what: string, facts: Readonly<Record<string, unknown>>) => lines.push(facts),
  } as unknown as KeyContext;
  return { context, known, asked, warnings, lines, stop, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('A new key is delivered', () => {
  it('once S3 accepts it, and is asked about each second until then', async () => {
    const { context, asked } = setUp((second) => (second < 3 ? UNKNOWN : ACCEPTED));
    expect(await whyNotAccepted(context, NEW, 60)).toBeNull();
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('without a warning where S3 has denied it access for ten seconds', async () => {
    const { context, asked, warnings } = setUp((second) => (second < 10 ? DENIED : ACCEPTED));
    expect(await whyNotAccepted(context, NEW, 60)).toBeNull();
    expect([asked.at(-1), warnings]).toEqual([10, []]);
  });

  it('with a warning where S3 denies it access for twenty seconds', async () => {
    const { context, asked, warnings } = setUp(() => DENIED);
    expect(await whyNotAccepted(context, NEW, 60)).toBeNull();
    expect(asked.at(-1)).toBe(20);
    expect(warnings).toEqual([
      'S3 knows key AKIANEW of bucket uploads and denies it access, after 20 s still',
    ]);
  });

  it('once S3 has denied it access for twenty seconds, however long it did not know the key before', async () => {
    const { context, asked, warnings } = setUp((second) => (second < 15 ? UNKNOWN : DENIED));
    expect(await whyNotAccepted(context, NEW, 60)).toBeNull();
    expect([asked.at(-1), warnings.length]).toEqual([35, 1]);
  });

  it.each([
    ['a shorter limit ends before', 10, DENIED],
    ['S3 does not know the key, or its bucket', 60, UNKNOWN],
  ])('never where %s', async (_why, seconds, answer) => {
    const { context, asked } = setUp(() => answer);
    expect(await whyNotAccepted(context, NEW, seconds)).toMatchObject({ step: 'verify', seconds });
    expect(asked.at(-1)).toBe(seconds);
  });
});

describe('The working key before it is deleted in the same run', () => {
  const OLD = ['AKIAOLD'];

  it('once S3 has accepted the new one again, at least 15 s after the first time', async () => {
    const { context, asked, lines, pass } = setUp((second) => (second < 2 ? UNKNOWN : ACCEPTED));
    await whyNotAccepted(context, NEW, 60);
    pass(4);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    expect(asked).toEqual([0, 1, 2, 17]);
    expect(lines).toEqual([{ bucket: 'uploads', access_key_id: 'AKIANEW', deletes: OLD, seconds: 11 }]);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    expect(asked).toHaveLength(4);
  });

  it('not before every front end does: S3 is asked each second then', async () => {
    const { context, asked } = setUp((second) => (second > 10 && second < 18 ? UNKNOWN : ACCEPTED));
    await whyNotAccepted(context, NEW, 60);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    expect(asked).toEqual([0, 15, 16, 17, 18]);
  });

  it.each([
    ['does not know the new one', UNKNOWN],
    ['denies the new one the access that it had', DENIED],
  ])('never where S3 %s', async (_how, answer) => {
    const { context } = setUp((second) => (second > 10 ? answer : ACCEPTED));
    await whyNotAccepted(context, NEW, 60);
    expect(await whyNotSettled(context, OLD)).toMatchObject({
      accessKeyId: 'AKIANEW',
      why: { step: 'verify' },
    });
  });

  it('where S3 has denied the new one access from the start, without a second warning', async () => {
    const { context, warnings, asked } = setUp(() => DENIED);
    await whyNotAccepted(context, NEW, 60);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    expect([asked.at(-1), warnings.length]).toEqual([35, 1]);
  });

  it('not when the run is stopped meanwhile', async () => {
    const { context, stop } = setUp(() => ACCEPTED);
    await whyNotAccepted(context, NEW, 60);
    stop.abort();
    expect(await whyNotSettled(context, OLD)).toMatchObject({ why: { step: 'stopped' } });
  });

  it.each<[string, (known: KnownKeys) => void, readonly string[]]>([
    ['the new key itself goes', () => undefined, ['AKIANEW']],
    [
      'the new key is gone',
      (known) => {
        known.deleted('uploads', 'AKIANEW');
      },
      OLD,
    ],
  ])('at once where %s', async (_why, happen, going) => {
    const { context, known, asked } = setUp(() => ACCEPTED);
    await whyNotAccepted(context, NEW, 60);
    happen(known);
    expect(await whyNotSettled(context, going)).toBeNull();
    expect(asked).toEqual([0]);
  });

  it('at once where the new key is of another bucket, or was never tried', async () => {
    const { context, asked } = setUp(() => ACCEPTED);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    await whyNotAccepted(context, { ...NEW, bucket: 'archive' }, 60);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    expect(asked).toEqual([0]);
  });

  it('sooner where a stand-in for S3 spreads keys sooner', async () => {
    const { context, asked } = setUp(() => ACCEPTED, 0);
    await whyNotAccepted(context, NEW, 60);
    expect(await whyNotSettled(context, OLD)).toBeNull();
    expect(asked).toEqual([0, 0]);
  });
});

describe('The working key before it is deleted in a later run', () => {
  const OLD = ['AKIAOLD'];
  const made = new Date('2026-01-01T00:00:00Z');
  const at = (second: number) => new Date(made.getTime() + second * 1000);
  const follower = { id: 'AKIANEW', createdAt: made };

  it.each([
    ['at once', 0, 30],
    ['ten seconds later', 10, 20],
    ['by a clock that is behind', -100, 30],
  ])('once the new one is 30 s old: a run that follows %s waits for %s s', async (_, second, seconds) => {
    const { context, lines, asked } = setUp(() => ACCEPTED);
    expect(await whyTooNew(context, follower, { asOf: at(second) }, OLD)).toBeNull();
    expect(context.clock.elapsed()).toBe(seconds * 1000);
    expect(lines).toEqual([{ bucket: 'uploads', access_key_id: 'AKIANEW', deletes: OLD, seconds }]);
    expect(asked).toEqual([]);
  });

  it.each<[string, Date | null, ServiceTime | null]>([
    ['the new one', null, { asOf: at(60) }],
    ['the time of the answer', made, { asOf: at(60), doubt: { kind: 'no date' } }],
    ['an answer', made, null],
  ])('after 30 s where AWS does not tell %s', async (_, createdAt, time) => {
    const { context } = setUp(() => ACCEPTED);
    expect(await whyTooNew(context, { id: 'AKIANEW', createdAt }, time, OLD)).toBeNull();
    expect(context.clock.elapsed()).toBe(30_000);
  });

  it.each<[string, Date | null, number | undefined]>([
    ['the new one is 30 s old', at(-30), undefined],
    ['a stand-in for S3 spreads keys at once', made, 0],
  ])('at once where %s', async (_, createdAt, askedAgainAfter) => {
    const { context, lines, stop } = setUp(() => ACCEPTED, askedAgainAfter);
    stop.abort();
    expect(await whyTooNew(context, { id: 'AKIANEW', createdAt }, { asOf: at(0) }, OLD)).toBeNull();
    expect(lines).toEqual([]);
  });

  it('not when the run is stopped meanwhile', async () => {
    const { context, stop } = setUp(() => ACCEPTED);
    stop.abort();
    expect(await whyTooNew(context, follower, { asOf: at(0) }, OLD)).toMatchObject({
      accessKeyId: 'AKIANEW',
      why: { step: 'stopped' },
    });
  });
});
