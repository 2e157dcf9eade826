import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type Emulator, type EmulatorKey } from '../../../src/emulator/index.js';
import { BUCKET, withEmulator } from './clients.js';
import {
  presign,
  type RawAnswer,
  type RawRequest,
  sendRaw,
  sha256,
  sign,
  signChunks,
  type SignOptions,
} from './signer.js';

const CONTENT = Buffer.from('the content of an object');
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789-';

function put(emulator: Emulator, headers: Record<string, string> = {}): RawRequest {
  const { host } = new URL(emulator.url);
  return { method: 'PUT', path: `/${BUCKET}/object`, headers: { host, ...headers }, body: CONTENT };
}

function stored(emulator: Emulator): boolean {
  return emulator.log.some(({ effect }) => effect);
}

const code = ({ body }: RawAnswer): string | undefined => /<Code>(.*?)<\/Code>/.exec(body)?.[1];

/** Each test gets an emulator, a key of the bucket, and what it takes to sign with it. */
function withKey(
  test: (emulator: Emulator, options: SignOptions, key: EmulatorKey) => Promise<void>,
): Promise<void> {
  return withEmulator({}, ({ emulator }) => {
    const key = emulator.makeStrangerKey(BUCKET);
    return test(emulator, { ...key, service: 's3' }, key);
  });
}

test('any one byte changed in a signed upload is refused, and stores nothing', () =>
  withKey(async (emulator, options) => {
    const signed = sign(put(emulator, { 'content-type': 'text/plain' }), options);
    const headers = ['content-type', 'x-amz-date', 'x-amz-content-sha256', 'authorization'] as const;
    const property = fc.asyncProperty(
      fc.constantFrom('body', 'path', ...headers),
      fc.nat(),
      fc.integer({ min: 0, max: ALPHABET.length - 1 }),
      async (part, position, letter) => {
        const original =
          part === 'body' ? CONTENT.toString() : part === 'path' ? signed.path : (signed.headers[part] ?? '');
        const at = part === 'path' ? 1 + (position % (original.length - 1)) : position % original.length;
        const changed = original.slice(0, at) + ALPHABET.charAt(letter) + original.slice(at + 1);
        fc.pre(changed !== original);
        const { status } = await sendRaw(emulator.url, {
          ...signed,
          path: part === 'path' ? changed : signed.path,
          body: part === 'body' ? Buffer.from(changed) : CONTENT,
          headers:
            part === 'body' || part === 'path' ? signed.headers : { ...signed.headers, [part]: changed },
        });
        expect([400, 403]).toContain(status);
        expect(stored(emulator)).toBe(false);
      },
    );
    await fc.assert(property, { numRuns: 300 });
    expect((await sendRaw(emulator.url, signed)).status).toBe(200);
  }));

test.each<[problem: string, code: string, options: Partial<SignOptions>]>([
  ['signed for another region', 'AuthorizationHeaderMalformed', { region: 'eu-west-1' }],
  ['signed for another service', 'AuthorizationHeaderMalformed', { service: 'lightsail' }],
  ['of another day in its scope', 'AuthorizationHeaderMalformed', { scopeDate: '20200102' }],
  ['16 minutes old', 'RequestTimeTooSkewed', { date: new Date(Date.now() - 16 * 60_000) }],
  ['of a wrong payload hash', 'XAmzContentSHA256Mismatch', { payloadHash: sha256('something else') }],
])('a request %s is refused as %s', (_problem, expected, changes) =>
  withKey(async (emulator, options) => {
    const request = put(emulator);
    const signed = sign(request, { ...options, ...changes });
    // The hash is S3's own requirement, whatever service the scope names.
    signed.headers['x-amz-content-sha256'] ??= sha256(CONTENT);
    expect(code(await sendRaw(emulator.url, signed))).toBe(expected);
    expect(stored(emulator)).toBe(false);
  }),
);

test('the answer to a wrong region names the right one', () =>
  withKey(async (emulator, options) => {
    const { body } = await sendRaw(emulator.url, sign(put(emulator), { ...options, region: 'eu-west-1' }));
    expect(body).toContain('<Region>us-east-1</Region>');
  }));

test('a request without any signature is AccessDenied', () =>
  withKey(async (emulator) => {
    const answer = await sendRaw(emulator.url, put(emulator));
    expect([answer.status, code(answer)]).toEqual([403, 'AccessDenied']);
  }));

test('a header that was not signed is named', () =>
  withKey(async (emulator, options) => {
    const signed = sign(put(emulator), options);
    signed.headers['x-amz-acl'] = 'public-read';
    const { body } = await sendRaw(emulator.url, signed);
    expect(body).toContain('<HeadersNotSigned>x-amz-acl</HeadersNotSigned>');
  }));

test('an unsigned payload is accepted when the request says so', () =>
  withKey(async (emulator, options) => {
    const signed = sign(put(emulator), { ...options, payloadHash: 'UNSIGNED-PAYLOAD' });
    expect((await sendRaw(emulator.url, signed)).status).toBe(200);
  }));

test('a checksum that does not fit is a BadDigest', () =>
  withKey(async (emulator, options) => {
    const md5 = createHash('md5').update(CONTENT).digest('base64');
    const fits = sign(put(emulator, { 'content-md5': md5 }), options);
    expect((await sendRaw(emulator.url, fits)).status).toBe(200);
    for (const headers of [
      { 'x-amz-checksum-crc32': 'AAAAAA==' },
      { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    ]) {
      const answer = await sendRaw(emulator.url, sign(put(emulator, headers), options));
      expect(code(answer)).toBe('BadDigest');
    }
  }));

describe('a presigned URL', () => {
  const get = (emulator: Emulator): RawRequest => ({
    ...put(emulator),
    method: 'GET',
    body: Buffer.alloc(0),
  });

  test('holds until it expires, and for this object only', () =>
    withKey(async (emulator, options) => {
      await sendRaw(emulator.url, sign(put(emulator), options));
      const url = presign(get(emulator), options, 60);
      expect(await sendRaw(emulator.url, url)).toMatchObject({ status: 200, body: CONTENT.toString() });
      const other = { ...url, path: url.path.replace('/object?', '/another?') };
      expect(code(await sendRaw(emulator.url, other))).toBe('SignatureDoesNotMatch');
      const old = presign(get(emulator), { ...options, date: new Date(Date.now() - 61_000) }, 60);
      const answer = await sendRaw(emulator.url, old);
      expect(answer.body).toContain('Request has expired');
    }));

  test('cannot hold longer than seven days', () =>
    withKey(async (emulator, options) => {
      const answer = await sendRaw(emulator.url, presign(get(emulator), options, 604_801));
      expect(answer.status).toBe(400);
    }));

  test('dies with its key', () =>
    withKey(async (emulator, options, key) => {
      const url = presign(get(emulator), options, 60);
      emulator.deleteKey(BUCKET, key.accessKeyId);
      expect(code(await sendRaw(emulator.url, url))).toBe('InvalidAccessKeyId');
    }));
});

describe('a stream signed chunk by chunk', () => {
  const TRAILER = `x-amz-checksum-sha256:${createHash('sha256').update(CONTENT).digest('base64')}`;

  function stream(
    emulator: Emulator,
    options: SignOptions,
    trailer?: string,
    length = CONTENT.length,
  ): RawRequest {
    const kind = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`;
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(length),
      ...(trailer !== undefined && { 'x-amz-trailer': 'x-amz-checksum-sha256' }),
    };
    const signed = sign(put(emulator, headers), { ...options, payloadHash: kind });
    return { ...signed, body: signChunks(CONTENT, signed, options, trailer) };
  }

  // The chunks must be signed with the very time of the request.
  const fixed = (options: SignOptions): SignOptions => ({ ...options, date: new Date() });

  test.each([undefined, TRAILER])('is accepted (trailer: %s)', (trailer) =>
    withKey(async (emulator, options) => {
      expect((await sendRaw(emulator.url, stream(emulator, fixed(options), trailer))).status).toBe(200);
    }),
  );

  test('is refused with any one byte of it changed', () =>
    withKey(async (emulator, options) => {
      const request = stream(emulator, fixed(options), TRAILER);
      const text = request.body.toString();
      const start = text.indexOf('\r\n') + 2;
      // Both halves of the content, each in a chunk of its own, and the signatures in between.
      for (let at = start; at < text.lastIndexOf('0;chunk-signature='); at += 1) {
        const changed = Buffer.from(request.body);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect((await sendRaw(emulator.url, { ...request, body: changed })).status).toBeGreaterThanOrEqual(
          400,
        );
      }
      const forged = Buffer.from(
        text.replace(/(trailer-signature:)(.)/, (_, a: string, b: string) => a + (b === '0' ? '1' : '0')),
      );
      expect(code(await sendRaw(emulator.url, { ...request, body: forged }))).toBe('SignatureDoesNotMatch');
      expect(stored(emulator)).toBe(false);
    }));

  test('is refused with its chunk signatures taken away', () =>
    withKey(async (emulator, options) => {
      const request = stream(emulator, fixed(options));
      const body = Buffer.from(request.body.toString().replace(/;chunk-signature=[0-9a-f]{64}/g, ''));
      expect(code(await sendRaw(emulator.url, { ...request, body }))).toBe('IncompleteBody');
    }));

  test('is refused when it ends early or announces another length', () =>
    withKey(async (emulator, options) => {
      const whole = stream(emulator, fixed(options));
      const cut = { ...whole, body: whole.body.subarray(0, whole.body.length - 100) };
      expect(code(await sendRaw(emulator.url, cut))).toBe('IncompleteBody');
      const longer = stream(emulator, fixed(options), undefined, CONTENT.length + 1);
      expect(code(await sendRaw(emulator.url, longer))).toBe('IncompleteBody');
    }));

  test('is refused with a checksum of other content', () =>
    withKey(async (emulator, options) => {
      const wrong = `x-amz-checksum-sha256:${createHash('sha256').update('other').digest('base64')}`;
      expect(code(await sendRaw(emulator.url, stream(emulator, fixed(options), wrong)))).toBe('BadDigest');
    }));
});

describe('a stream with nothing signed but its request', () => {
  const send = (emulator: Emulator, options: SignOptions, trailer: string): Promise<RawAnswer> => {
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(CONTENT.length),
      'x-amz-trailer': 'x-amz-checksum-sha1',
    };
    const signed = sign(put(emulator, headers), {
      ...options,
      payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    });
    const body = `${CONTENT.length.toString(16)}\r\n${CONTENT.toString()}\r\n0\r\n${trailer}\r\n`;
    return sendRaw(emulator.url, { ...signed, body: Buffer.from(body) });
  };

  test('is accepted with the checksum it announces, and refused without', () =>
    withKey(async (emulator, options) => {
      const checksum = createHash('sha1').update(CONTENT).digest('base64');
      expect(code(await send(emulator, options, ''))).toBe('MalformedTrailerError');
      expect(stored(emulator)).toBe(false);
      expect((await send(emulator, options, `x-amz-checksum-sha1:${checksum}\r\n`)).status).toBe(200);
    }));
});
