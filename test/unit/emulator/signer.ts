import { createHash, createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';

/** A request that a test may damage before it is sent. */
export interface RawRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface SignOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly service: string;
  readonly region?: string;
  readonly date?: Date;
  readonly payloadHash?: string;
  /** YYYYMMDD, where the scope shall not follow the date. */
  readonly scopeDate?: string;
}

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

export const amzDate = (date: Date): string => date.toISOString().replace(/[-:]|\.\d{3}/g, '');

/** A second, independent implementation of Signature Version 4, so that the emulator's is not its own judge. */
export function signingParts(options: SignOptions): { scope: string; key: Buffer; timestamp: string } {
  const timestamp = amzDate(options.date ?? new Date());
  const parts = [
    options.scopeDate ?? timestamp.slice(0, 8),
    options.region ?? 'us-east-1',
    options.service,
    'aws4_request',
  ];
  const key = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${options.secretAccessKey}`));
  return { scope: parts.join('/'), key, timestamp };
}

function signature(
  request: RawRequest,
  headers: [string, string][],
  hash: string,
  options: SignOptions,
): string {
  const { scope, key, timestamp } = signingParts(options);
  const [path = '', query = ''] = request.path.split('?');
  const canonical = [
    request.method,
    path,
    query.split('&').sort().join('&'),
    ...headers.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    headers.map(([name]) => name).join(';'),
    hash,
  ].join('\n');
  return hmac(key, ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
}

const sorted = (headers: Record<string, string>): [string, string][] =>
  Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));

export function sign(request: RawRequest, options: SignOptions): RawRequest {
  const hash = options.payloadHash ?? sha256(request.body);
  const headers = {
    ...request.headers,
    'x-amz-date': amzDate(options.date ?? new Date()),
    ...(options.service === 's3' && { 'x-amz-content-sha256': hash }),
  };
  const signed = sorted(headers);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${options.accessKeyId}/${signingParts(options).scope}, ` +
    `SignedHeaders=${signed.map(([name]) => name).join(';')}, ` +
    `Signature=${signature(request, signed, hash, options)}`;
  return { ...request, headers: { ...headers, authorization } };
}

export function presign(request: RawRequest, options: SignOptions, expiresSeconds: number): RawRequest {
  const { scope, timestamp } = signingParts(options);
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(`${options.accessKeyId}/${scope}`)}`,
    `X-Amz-Date=${timestamp}`,
    `X-Amz-Expires=${expiresSeconds}`,
    'X-Amz-SignedHeaders=host',
  ].join('&');
  const unsigned = { ...request, path: `${request.path}?${query}` };
  const value = signature(unsigned, sorted(request.headers), 'UNSIGNED-PAYLOAD', options);
  return { ...unsigned, path: `${unsigned.path}&X-Amz-Signature=${value}` };
}

/** An aws-chunked body in two signed chunks, as STREAMING-AWS4-HMAC-SHA256-PAYLOAD wants it. */
export function signChunks(
  content: Buffer,
  request: RawRequest,
  options: SignOptions,
  trailer?: string,
): Buffer {
  const { scope, key, timestamp } = signingParts(options);
  let previous = /Signature=(.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const link = (kind: string, ...hashes: string[]): string => {
    const text = [`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, previous, ...hashes].join('\n');
    previous = hmac(key, text).toString('hex');
    return previous;
  };
  const half = Math.ceil(content.length / 2);
  const chunks = [content.subarray(0, half), content.subarray(half), Buffer.alloc(0)].map((chunk) =>
    Buffer.concat([
      Buffer.from(
        `${chunk.length.toString(16)};chunk-signature=${link('PAYLOAD', sha256(''), sha256(chunk))}\r\n`,
      ),
      chunk,
      Buffer.from(chunk.length > 0 || trailer === undefined ? '\r\n' : ''),
    ]),
  );
  const end =
    trailer === undefined
      ? ''
      : `${trailer}\r\nx-amz-trailer-signature:${link('TRAILER', sha256(`${trailer}\n`))}\r\n\r\n`;
  return Buffer.concat([...chunks, Buffer.from(end)]);
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends exactly these headers: fetch would add some and refuse others. */
export function sendRaw(url: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
