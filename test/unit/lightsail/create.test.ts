import { Emulator, type FaultAction } from '../../../src/emulator/index.js';
import type { CreateOutcome } from '../../../src/lifecycle/ports.js';
import { formsOf } from '../../support/secret-forms.js';
import { BUCKET, clientFor, serveRaw, serveSkewed, SKEW_MINUTES } from './lab.js';

const CREATE = 'CreateBucketAccessKey';
/** A whole answer, to be spoilt. */
const SECRET = 'S3cr3t/of+the/answer/0123456789abcdefghij';
const ANSWER = JSON.stringify({
  accessKey: { accessKeyId: 'AKIAOFTHEANSWER00000', secretAccessKey: SECRET },
});
const PIECES = Array.from({ length: SECRET.length - 7 }, (_, start) => SECRET.slice(start, start + 8));

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start({ buckets: [BUCKET] });
});
afterEach(() => emulator.close());

function creates(): number {
  return emulator.log.filter(({ operation }) => operation === CREATE).length;
}

/** Everything of an outcome that could be shown to anybody. */
function shown(outcome: CreateOutcome): string {
  return JSON.stringify(outcome);
}

it('tells of the secret before anybody else can, and hands it over as one that prints stars', async () => {
  const { keys, told } = clientFor(emulator.url);
  const outcome = await keys.create();
  const [key] = emulator.keys(BUCKET);
  expect(outcome).toMatchObject({
    outcome: 'created',
    key: { id: key?.accessKeyId, status: 'Active', lastUse: null },
  });
  expect(told).toEqual([key?.secretAccessKey]);
  expect(shown(outcome)).not.toContain(key?.secretAccessKey);
  expect(creates()).toBe(1);
});

it('says of a pair whose operation has failed that it has', async () => {
  const { keys } = clientFor(emulator.url);
  emulator.faults.add({ kind: 'operations', status: 'Failed', errorCode: 'NoLuck' });
  expect(await keys.create()).toMatchObject({
    outcome: 'created',
    key: { id: emulator.keys(BUCKET)[0]?.accessKeyId },
    failure: 'CreateBucketAccessKey was accepted, and its operation has failed with NoLuck.',
  });
  emulator.faults.add({ kind: 'operations', status: 'NotStarted' });
  expect(await keys.create()).not.toHaveProperty('failure');
});

const error = (type: string, status: number, when: 'before' | 'after' = 'before') =>
  ({ kind: 'error', when, type, status }) as const;

describe('An answer that says no is a refusal: there is no key', () => {
  it.each([
    ['InvalidInputException', 400],
    ['AccessDeniedException', 400],
    ['AccessDeniedException', 403],
    ['AccessDenied', 403],
    ['NotFoundException', 400],
    ['NotFoundException', 404],
    ['DoesNotExist', 400],
    ['UnauthenticatedException', 401],
    ['UnrecognizedClientException', 400],
    ['InvalidSignatureException', 403],
    ['ExpiredTokenException', 400],
    ['AccountSetupInProgressException', 428],
    ['RegionSetupInProgressException', 428],
    ['RegionSetupInProgressException', 400],
    ['OperationFailureException', 400],
    ['SomethingNewException', 418],
  ])('%s %i', async (type, status) => {
    emulator.faults.add({ operation: CREATE, ...error(type, status) });
    const outcome = await clientFor(emulator.url).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused', throttled: false });
    expect(shown(outcome)).toContain(
      `CreateBucketAccessKey failed with ${type}: A fault of the emulator. (HTTP ${status}`,
    );
    expect(creates()).toBe(1);
    expect(emulator.keys(BUCKET)).toEqual([]);
  });

  it.each([
    ['ThrottlingException', 400],
    ['ThrottlingException', 429],
    ['TooManyRequestsException', 429],
    ['RequestLimitExceeded', 400],
    ['SomethingException', 429],
  ])('%s %i, which is worth another try later', async (type, status) => {
    emulator.faults.add({ operation: CREATE, ...error(type, status) });
    const outcome = await clientFor(emulator.url).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused', throttled: true });
    expect(creates()).toBe(1);
  });

  it.each([
    ['RegionSetupInProgressException', 'Wait a few minutes and try again.'],
    ['InvalidInputException', 'The bucket is being updated. Please try again in a few minutes.'],
    ['InvalidInputException', 'Please wait for it to complete before trying again.'],
  ])('%s: %s It is worth another try in some minutes', async (type, message) => {
    emulator.faults.add({ operation: CREATE, ...error(type, 400), message });
    const outcome = await clientFor(emulator.url).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused', isNotReady: true });
    expect(creates()).toBe(1);
  });

  it('over the limit of two keys', async () => {
    emulator.makeStrangerKey(BUCKET);
    emulator.makeStrangerKey(BUCKET);
    const outcome = await clientFor(emulator.url).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused', throttled: false });
    expect(emulator.keys(BUCKET)).toHaveLength(2);
  });

  it('from a bucket that is not there, in both shapes', async () => {
    emulator.deleteBucket(BUCKET);
    expect(await clientFor(emulator.url).keys.create()).toMatchObject({ outcome: 'refused' });
    const other = await Emulator.start({ goneAs: 'DoesNotExist' });
    expect(await clientFor(other.url).keys.create()).toMatchObject({ outcome: 'refused' });
    await other.close();
  });
});

describe('Without an answer that can be trusted nobody knows', () => {
  it.each<[string, FaultAction, 0 | 1]>([
    ['500 before the effect', { kind: 'error', when: 'before', type: 'ServiceException', status: 500 }, 0],
    ['500 after the effect', { kind: 'error', when: 'after', type: 'ServiceException', status: 500 }, 1],
    ['503 after the effect', { kind: 'error', when: 'after', type: 'ServiceUnavailable', status: 503 }, 1],
    ['dropped before the effect', { kind: 'drop', when: 'before' }, 0],
    ['dropped after the effect', { kind: 'drop', when: 'after' }, 1],
    ['reset before the effect', { kind: 'reset', when: 'before' }, 0],
    ['reset after the effect', { kind: 'reset', when: 'after' }, 1],
    ['cut short of its length', { kind: 'truncate', framing: 'short' }, 1],
    ['cut short with a length to match', { kind: 'truncate', framing: 'complete' }, 1],
    ['lost, to land later', { kind: 'late-effect', ms: 60_000 }, 0],
    ['too late, after the effect', { kind: 'delay', when: 'after', ms: 60_000 }, 1],
    ['too late, before the effect', { kind: 'delay', when: 'before', ms: 60_000 }, 0],
    ...[
      'RequestTimeout',
      'RequestTimeoutException',
      'TransactionInProgressException',
      'PriorRequestNotComplete',
    ].map((type) => [`${type} after the effect`, error(type, 400, 'after'), 1] as [string, FaultAction, 1]),
    ['408 after the effect', error('SomethingNewException', 408, 'after'), 1],
  ])('%s', async (_name, fault, keys) => {
    emulator.faults.add({ operation: CREATE, ...fault });
    const outcome = await clientFor(emulator.url, {}, { answer: 1500 }).keys.create();
    expect(outcome.outcome).toBe('unknown');
    expect(shown(outcome)).toMatch(/CreateBucketAccessKey failed with \w+/);
    expect(creates()).toBe(1);
    expect(emulator.keys(BUCKET)).toHaveLength(keys);
    for (const { secretAccessKey } of emulator.keys(BUCKET)) {
      for (const form of formsOf(secretAccessKey)) expect(shown(outcome)).not.toContain(form);
    }
  });

  it.each<[string, string, number?]>([
    ['a 200 that is cut off inside of the secret', ANSWER.slice(0, -20)],
    ['a 200 with something behind its JSON', `${ANSWER} and more`],
    [
      'a 200 whose secret stands at the very place of the error',
      `{"accessKey":{"secretAccessKey": ${SECRET}}`,
    ],
    ['a short 200 that is only the secret', SECRET],
    ['a 200 without a secret', '{"accessKey":{"accessKeyId":"AKIAOFTHEANSWER00000","status":"Active"}}'],
    ['a 200 without an ID', `{"accessKey":{"secretAccessKey":"${SECRET}"}}`],
    ['a 200 without a key', '{"operations":[]}'],
    ['a 200 of nothing', ''],
    ['a 200 with a page of some other server', '<html>Sign in</html>'],
    ['a 403 of some other server', '<html>Forbidden</html>', 403],
    ['a 400 that quotes what it should not', `${SECRET} {`, 400],
    ['a 500 that quotes what it should not', `${SECRET} {`, 500],
  ])('%s', async (_name, body, status = 200) => {
    const server = await serveRaw((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    });
    const outcome = await clientFor(server.url).keys.create();
    await server.close();
    expect(outcome.outcome).toBe('unknown');
    for (const piece of PIECES) expect(shown(outcome)).not.toContain(piece);
    expect(server.requests()).toBe(1);
  });

  it.each([
    ['stops in the middle and never ends', 0],
    ['trickles in for ever', 50],
  ])('an answer that %s', async (_name, pause) => {
    const server = await serveRaw((_request, response) => {
      response.writeHead(200, { 'content-length': '10000' }).write(ANSWER);
      if (pause > 0) setInterval(() => response.write(' '), pause).unref();
    });
    // Without a limit that ends it, the test does not end.
    const outcome = await clientFor(
      server.url,
      {},
      { answer: 300, call: pause > 0 ? 900 : 600_000 },
    ).keys.create();
    await server.close();
    expect(outcome.outcome).toBe('unknown');
    for (const piece of PIECES) expect(shown(outcome)).not.toContain(piece);
    expect(server.requests()).toBe(1);
  });
});

describe('What never left this machine is a refusal', () => {
  it('a connection that is refused', async () => {
    const { url } = emulator;
    await emulator.close();
    const outcome = await clientFor(url).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(shown(outcome)).toContain('ECONNREFUSED');
  });

  it('a name that is not known', async () => {
    // A resolver that nobody answers takes its own time.
    const patient = { connect: 200_000, answer: 200_000, call: 200_000 };
    const outcome = await clientFor('http://lightsail.invalid', {}, patient).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(shown(outcome)).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('a call without credentials', async () => {
    const { keys } = clientFor(emulator.url, { accessKeyId: '' });
    const outcome = await withoutCredentials(() => keys.create());
    expect(outcome).toMatchObject({ outcome: 'refused', throttled: false });
    expect(shown(outcome)).toContain('Could not load credentials from any providers');
    expect(emulator.log).toEqual([]);
  });

  it.each(['the provider block', 'AWS_PROFILE'])(
    'a call for a profile that has no credentials, which is named (%s)',
    async (where) => {
      const ours = where === 'AWS_PROFILE' ? {} : { profile: 'prod' };
      const { keys } = clientFor(emulator.url, { accessKeyId: '', ...ours });
      const said = await withoutCredentials(async () => {
        if (where === 'AWS_PROFILE') process.env.AWS_PROFILE = 'prod';
        const outcome = await keys.create();
        await expect(keys.list()).rejects.toThrow('There is no profile prod in /nonexistent/file');
        await expect(keys.delete('AKIA')).rejects.toThrow('There is no profile prod in');
        return shown(outcome);
      });
      expect(said).toContain('There are no AWS credentials: There is no profile prod in');
      expect(emulator.log).toEqual([]);
    },
  );

  it('a call for which STS gave no credentials, whatever STS says', async () => {
    const sts = await serveRaw((_request, response) => response.writeHead(500).end('<Oops/>'));
    const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/keys' };
    const { keys } = clientFor(emulator.url, {
      assumeRole,
      endpoints: { lightsail: emulator.url, sts: sts.url },
    });
    expect(await keys.create()).toMatchObject({ outcome: 'refused', throttled: false });
    expect(sts.requests()).toBeGreaterThan(0);
    expect(emulator.log).toEqual([]);
    await sts.close();
  });

  /** No test may find the credentials of the machine, or ask its network for some. */
  async function withoutCredentials<T>(work: () => Promise<T>): Promise<T> {
    const before = { ...process.env };
    for (const name of Object.keys(process.env))
      if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    const file = '/nonexistent/file';
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: file,
      AWS_SHARED_CREDENTIALS_FILE: file,
    });
    try {
      return await work();
    } finally {
      process.env = before;
    }
  }
});

it('a machine whose clock is wrong signs by the time of the service, once a list has told it', async () => {
  const server = await serveSkewed('{"accessKeys":[]}');
  const { keys } = clientFor(server.url);
  await keys.list();
  await keys.create();
  await server.close();
  expect(server.minutesAhead).toEqual([0, SKEW_MINUTES]);
});

it('two creates use a connection each: one that has been idle may be closed just as it is used', async () => {
  const ports = new Set<number | undefined>();
  const server = await serveRaw((request, response) => {
    ports.add(request.socket.remotePort);
    response.end(ANSWER);
  });
  const { keys } = clientFor(server.url);
  await keys.create();
  await keys.create();
  expect(ports.size).toBe(2);
  await server.close();
});
