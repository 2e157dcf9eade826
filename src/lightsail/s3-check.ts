import type { HttpRequest, HttpResponse } from '@smithy/types';
import { within } from '../aws/no-answer.js';
import type { SdkError } from '../aws/sdk-error.js';
import { asSdkError } from '../aws/sdk-error.js';
import type { KeyPair } from '../lifecycle/access-key.js';
import type { Acceptance, S3Check } from '../lifecycle/ports.js';
import { describe, Dispatch } from './api-error.js';
import type { Connection } from './connection.js';

/** Of one object's entry and what stands around it, in bytes. */
const LONGEST_ANSWER = 65_536;

/** One answer is that of one front end. Several side by side take no longer. */
const CONNECTIONS = 3;

type Client = Awaited<ReturnType<Connection['s3']>>;
interface Step {
  readonly request: unknown;
}
interface Stepped {
  readonly response: unknown;
}

/**
 * Tries a pair with `ListObjectsV2`, on several connections at once: a GET, since the answer to a HEAD has no body that
 * tells a key which is not known from one that may not list. It sets the key's `lastUsed`.
 */
export class SignedRequestCheck implements S3Check {
  constructor(
    private readonly connection: Connection,
    /** Terraform's stop. */
    private readonly signal?: AbortSignal,
  ) {}

  get askedAgainAfter(): number | undefined {
    return spreadOfStandIn(this.connection.s3Endpoint);
  }

  async accepts(pair: KeyPair): Promise<Acceptance> {
    const credentials = { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey.reveal() };
    try {
      const s3 = await this.connection.s3(credentials, pair.region);
      const trial = () => this.#tryOnce(s3, pair.bucket).catch(asNotYet);
      try {
        return worst(await Promise.all(Array.from({ length: CONNECTIONS }, trial)));
      } finally {
        s3.client.destroy();
      }
    } catch (thrown) {
      return asNotYet(thrown);
    }
  }

  async #tryOnce({ client, sdk }: Client, bucket: string): Promise<Acceptance> {
    const command = new sdk.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 });
    const limit = { milliseconds: this.connection.limits.call, signal: this.signal };
    const dispatch = new Dispatch();
    let answer: WireAnswer | undefined;
    command.middlewareStack.add(
      (next) =>
        dispatch.watch(async (step) => {
          const stepped = await next(step);
          answer = await read(step, stepped);
          return stepped;
        }),
      { step: 'deserialize', priority: 'low' },
    );
    try {
      await within('ListObjectsV2', limit, (abortSignal) => client.send(command, { abortSignal }));
    } catch (thrown) {
      // What failed on the way, before the SDK put it into words of its own.
      if (!answer) throw dispatch.failure && isTransport(dispatch.failure) ? dispatch.failure : thrown;
    }
    return answer
      ? judgeAnswer(answer, bucket)
      : { state: 'not-yet', reason: 'ListObjectsV2 had no answer.' };
  }
}

function asNotYet(thrown: unknown): Acceptance {
  return { state: 'not-yet', reason: describe('ListObjectsV2', asSdkError(thrown)) };
}

/** One front end that does not know the key refuses it to whoever comes to it next. */
function worst(answers: readonly Acceptance[]): Acceptance {
  const find = (state: Acceptance['state']) => answers.find((answer) => answer.state === state);
  return find('not-yet') ?? find('denied') ?? { state: 'accepted' };
}

/** Takes an answer in as it is; the SDK, which would read it after this, gets a copy. */
async function read(step: Step, stepped: Stepped): Promise<WireAnswer> {
  const { hostname, port } = step.request as HttpRequest;
  const response = stepped.response as HttpResponse;
  const body = await bytesOf(response.body as AsyncIterable<Uint8Array>);
  response.body = body;
  return {
    from: port === undefined ? hostname : `${hostname}:${port}`,
    status: response.statusCode,
    headers: response.headers,
    body: body.toString('utf8'),
  };
}

/** No more than an answer of S3 can have: what is cut off is no whole document any more. */
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size > LONGEST_ANSWER) break;
  }
  return Buffer.concat(parts).subarray(0, LONGEST_ANSWER);
}

/** Neither S3 nor the SDK says so: the way to S3 does. */
function isTransport(error: SdkError): boolean {
  return error.$fault === undefined;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * How long S3 may take to spread a new key, in milliseconds, where the environment says so of a stand-in on this
 * machine, which spreads it at once. No variable can say that of AWS: for any other endpoint it is undefined.
 */
export function spreadOfStandIn(
  endpoint: string | undefined,
  { LIGHTSAIL_S3_SPREAD_MS: spread }: Readonly<Record<string, string | undefined>> = process.env,
): number | undefined {
  if (spread === undefined || !/^\d{1,6}$/.test(spread)) return undefined;
  const host = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
  return LOOPBACK.test(host) ? Number(spread) : undefined;
}

/** What came back over the wire, whoever sent it. */
export interface WireAnswer {
  /** Host and port that were asked. */
  readonly from: string;
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const ERROR_CODE = /<Code>\s*([A-Za-z][A-Za-z0-9.]{0,79})\s*<\/Code>/;
const LONGEST_WORDS = 60;

/**
 * What an answer to `ListObjectsV2` tells of the key that signed it. A sign-in page is a 200 and a proxy's refusal a 403
 * as well, so only a document of S3 with the status that belongs to it is taken at its word.
 */
export function judgeAnswer(answer: WireAnswer, bucket: string): Acceptance {
  const { status, body } = answer;
  const isList = isDocument(body, 'ListBucketResult') && body.includes(`<Name>${bucket}</Name>`);
  if (status === 200 && isList) return { state: 'accepted' };
  // The signature was accepted, and the key has no rights: not yet, or never.
  const isDenied = status === 403 && codeOf(body) === 'AccessDenied';
  return { state: isDenied ? 'denied' : 'not-yet', reason: tell(answer) };
}

/** The code of a complete error document; null where it is none. */
function codeOf(body: string): string | null {
  return isDocument(body, 'Error') ? (ERROR_CODE.exec(body)?.[1] ?? null) : null;
}

/** Whole, from its first tag to its last. */
function isDocument(body: string, root: string): boolean {
  const begins = new RegExp(`^\\s*(<\\?xml[^>]*\\?>\\s*)?<${root}[\\s>]`);
  return begins.test(body) && body.trimEnd().endsWith(`</${root}>`);
}

/** Who answered what. The body may be long, and hold anything: of it the code alone is shown. */
function tell({ from, status, headers, body }: WireAnswer): string {
  const code = codeOf(body);
  const { server, 'content-type': type, 'x-amz-request-id': request } = headers;
  const about = [
    server && `server ${words(server)}`,
    code === null && (body === '' ? 'without a body' : type && words(type)),
    request && `request ${words(request)}`,
  ].filter(Boolean);
  const what = code === null ? ', which is not an answer of S3' : ` ${code}`;
  return `${from} answered ListObjectsV2 with HTTP ${status}${what}${about.length > 0 ? ` (${about.join(', ')})` : ''}.`;
}

function words(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_WORDS);
}
