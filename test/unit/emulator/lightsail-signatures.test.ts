import fc from 'fast-check';
import { CreateBucketAccessKeyCommand, GetBucketAccessKeysCommand } from '@aws-sdk/client-lightsail';
import { type Emulator, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { BUCKET, failure, withEmulator } from './clients.js';
import { type RawAnswer, type RawRequest, sendRaw, sign, type SignOptions } from './signer.js';

const signAs = { ...TEST_CREDENTIALS, service: 'lightsail' };

function call(emulator: Emulator, operation = 'CreateBucketAccessKey'): RawRequest {
  return {
    method: 'POST',
    path: '/',
    headers: {
      host: new URL(emulator.url).host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Lightsail_20161128.${operation}`,
    },
    body: Buffer.from(JSON.stringify({ bucketName: BUCKET })),
  };
}

function errorType({ status, body, headers }: RawAnswer): unknown {
  const { __type: type } = JSON.parse(body) as { __type?: string };
  expect(headers['x-amzn-errortype']).toBe(type);
  return type ?? status;
}

test('a correctly signed request is accepted', () =>
  withEmulator({}, async ({ emulator }) => {
    const answer = await sendRaw(emulator.url, sign(call(emulator), signAs));
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } });
    expect(emulator.keys(BUCKET)).toHaveLength(1);
  }));

test('any one byte changed in a signed request is refused, and has no effect', () =>
  withEmulator({}, async ({ emulator }) => {
    const signed = sign(call(emulator), signAs);
    const parts = ['body', 'host', 'content-type', 'x-amz-target', 'x-amz-date', 'authorization'] as const;
    const property = fc.asyncProperty(
      fc.constantFrom(...parts),
      fc.nat(),
      fc.integer({ min: 0x21, max: 0x7e }),
      async (part, position, byte) => {
        const original = part === 'body' ? signed.body.toString() : (signed.headers[part] ?? '');
        const at = position % original.length;
        const changed = original.slice(0, at) + String.fromCharCode(byte) + original.slice(at + 1);
        fc.pre(changed !== original);
        const { status } = await sendRaw(emulator.url, {
          ...signed,
          ...(part === 'body'
            ? { body: Buffer.from(changed) }
            : { headers: { ...signed.headers, [part]: changed } }),
        });
        expect(status).toBe(400);
        expect(emulator.keys(BUCKET)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 500 });
  }));

test.each<[problem: string, type: string, options: Partial<SignOptions>, minutes?: number]>([
  ['an unknown key', 'UnrecognizedClientException', { accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }],
  ['a wrong secret', 'InvalidSignatureException', { secretAccessKey: 'wrong' }],
  ['another service in its scope', 'InvalidSignatureException', { service: 'iam' }],
  ['another day in its scope', 'InvalidSignatureException', { scopeDate: '20200102' }],
  ['another region in its scope', 'InvalidSignatureException', { region: 'eu-west-1' }],
  ['a date six minutes ago', 'InvalidSignatureException', {}, -6],
  ['a date six minutes ahead', 'InvalidSignatureException', {}, 6],
])('a request with %s is refused as %s', (_problem, type, options, minutes = 0) =>
  withEmulator({}, async ({ emulator }) => {
    // Of now: the file may have been read minutes ago.
    const date = new Date(Date.now() + minutes * 60_000);
    const answer = await sendRaw(emulator.url, sign(call(emulator), { ...signAs, date, ...options }));
    expect(errorType(answer)).toBe(type);
    expect(answer.status).toBe(400);
  }),
);

test('a date four minutes off is near enough', () =>
  withEmulator({}, async ({ emulator }) => {
    const date = new Date(Date.now() - 4 * 60_000);
    expect((await sendRaw(emulator.url, sign(call(emulator), { ...signAs, date }))).status).toBe(200);
  }));

test('a request without a signature, and one with half of it, have errors of their own', () =>
  withEmulator({}, async ({ emulator }) => {
    const unsigned = call(emulator);
    expect(errorType(await sendRaw(emulator.url, unsigned))).toBe('MissingAuthenticationTokenException');
    const signed = sign(unsigned, signAs);
    const authorization = (signed.headers.authorization ?? '').replace(/, Signature=.*/, '');
    const half = { ...signed, headers: { ...signed.headers, authorization } };
    expect(errorType(await sendRaw(emulator.url, half))).toBe('IncompleteSignatureException');
  }));

test('an x-amz header added after signing is refused', () =>
  withEmulator({}, async ({ emulator }) => {
    const signed = sign(call(emulator), signAs);
    const more = { ...signed, headers: { ...signed.headers, 'x-amz-more': 'yes' } };
    expect(errorType(await sendRaw(emulator.url, more))).toBe('InvalidSignatureException');
  }));

test('a session token is required where one is configured, and has to be the right one', () => {
  const temporary = { accessKeyId: 'ASIATEMPORARYTEMP000', secretAccessKey: 's', sessionToken: 'token' };
  return withEmulator({ credentials: [temporary] }, async ({ emulator, lightsailAs }) => {
    const list = new GetBucketAccessKeysCommand({ bucketName: BUCKET });
    await lightsailAs(temporary).send(list);
    expect(emulator.env.AWS_SESSION_TOKEN).toBe('token');
    const { accessKeyId, secretAccessKey } = temporary;
    for (const wrong of [{}, { sessionToken: 'another' }]) {
      const error = await failure(lightsailAs({ accessKeyId, secretAccessKey, ...wrong }).send(list));
      expect(error.name).toBe('UnrecognizedClientException');
    }
  });
});

test("a bucket's own key opens S3 and not Lightsail", () =>
  withEmulator({}, async ({ emulator, lightsailAs }) => {
    const client = lightsailAs(emulator.makeStrangerKey(BUCKET));
    const error = await failure(client.send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET })));
    expect(error.name).toBe('UnrecognizedClientException');
  }));

test('an SDK client of another region is told so', () =>
  withEmulator({ region: 'eu-central-1' }, async ({ lightsailAs }) => {
    const list = new GetBucketAccessKeysCommand({ bucketName: BUCKET });
    await lightsailAs(TEST_CREDENTIALS, 'eu-central-1').send(list);
    const error = await failure(lightsailAs(TEST_CREDENTIALS, 'us-east-1').send(list));
    expect(error).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('eu-central-1') as string,
    });
  }));

test('unknown operations and broken bodies have the errors of the protocol', () =>
  withEmulator({}, async ({ emulator }) => {
    const unknown = sign(call(emulator, 'CreateInstances'), signAs);
    expect(errorType(await sendRaw(emulator.url, unknown))).toBe('UnknownOperationException');
    for (const body of ['{"bucketName":', '[]', '"text"', '{"bucketName":7}']) {
      const broken = sign({ ...call(emulator), body: Buffer.from(body) }, signAs);
      expect(errorType(await sendRaw(emulator.url, broken))).toBe('SerializationException');
    }
  }));
