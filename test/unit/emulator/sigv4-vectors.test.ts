import { type WireRequest } from '../../../src/emulator/http.js';
import { readPayload } from '../../../src/emulator/s3-service/payload.js';
import { SignatureProblem, type VerifiedSignature, verifySignature } from '../../../src/emulator/sigv4.js';
import { Clock } from '../../../src/emulator/state/clock.js';

/** The worked examples of "Authenticating Requests" in the Amazon S3 API Reference, credentials included. */
const ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const HOST: [string, string] = ['host', 'examplebucket.s3.amazonaws.com'];
const DATE: [string, string] = ['x-amz-date', '20130524T000000Z'];
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function verify(request: Partial<WireRequest>, payloadHash: string): VerifiedSignature {
  return verifySignature(wire(request), {
    service: 's3',
    region: 'us-east-1',
    clock: new Clock(() => new Date('2013-05-24T00:01:00Z')),
    toleranceMs: 15 * 60_000,
    findSecret: (id) => (id === ACCESS_KEY_ID ? { secretAccessKey: SECRET_ACCESS_KEY } : undefined),
    payloadHash: () => payloadHash,
  });
}

function wire(request: Partial<WireRequest>): WireRequest {
  return {
    method: 'GET',
    path: '/',
    query: '',
    headers: [],
    body: Buffer.alloc(0),
    connection: {},
    ...request,
  };
}

function authorization(signedHeaders: string, signature: string): [string, string] {
  return [
    'authorization',
    `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request,` +
      `SignedHeaders=${signedHeaders},Signature=${signature}`,
  ];
}

const getObject = (signature: string): Partial<WireRequest> => ({
  path: '/test.txt',
  headers: [
    HOST,
    ['range', 'bytes=0-9'],
    ['x-amz-content-sha256', EMPTY],
    DATE,
    authorization('host;range;x-amz-content-sha256;x-amz-date', signature),
  ],
});

test("AWS's example of a GET is accepted", () => {
  verify(getObject('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'), EMPTY);
});

test('and refused with another signature', () => {
  const wrong = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb40';
  expect(() => verify(getObject(wrong), EMPTY)).toThrow(SignatureProblem);
});

test("AWS's example of a PUT, whose path has to be encoded, is accepted", () => {
  const hash = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';
  verify(
    {
      method: 'PUT',
      path: '/test$file.text',
      headers: [
        ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
        HOST,
        DATE,
        ['x-amz-content-sha256', hash],
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
        authorization(
          'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
          '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
        ),
      ],
    },
    hash,
  );
});

test("AWS's examples of queries, one without a value, are accepted", () => {
  const list = (query: string, signature: string): VerifiedSignature =>
    verify(
      {
        query,
        headers: [
          HOST,
          ['x-amz-content-sha256', EMPTY],
          DATE,
          authorization('host;x-amz-content-sha256;x-amz-date', signature),
        ],
      },
      EMPTY,
    );
  list('lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543');
  list('max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7');
});

test("AWS's example of a presigned URL is accepted", () => {
  verify(
    {
      path: '/test.txt',
      query:
        'X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        `&X-Amz-Credential=${ACCESS_KEY_ID}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request` +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      headers: [HOST],
    },
    'UNSIGNED-PAYLOAD',
  );
});

test("AWS's example of a signed stream is accepted, and refused with one byte changed", () => {
  const request = wire({
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    headers: [
      ['host', 's3.amazonaws.com'],
      DATE,
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
      ['content-encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', '66560'],
      ['content-length', '66824'],
      authorization(
        'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;' +
          'x-amz-decoded-content-length;x-amz-storage-class',
        '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      ),
    ],
  });
  const signature = verify(request, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  const stream = (content: string): Buffer =>
    Buffer.from(
      '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n' +
        `${content}\r\n` +
        '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n' +
        `${'a'.repeat(1024)}\r\n` +
        '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
    );
  const contentOf = (body: Buffer): Buffer => readPayload({ ...request, body }, signature).content;
  expect(contentOf(stream('a'.repeat(65_536)))).toHaveLength(66_560);
  expect(() => contentOf(stream(`b${'a'.repeat(65_535)}`))).toThrow('not signed');
});
