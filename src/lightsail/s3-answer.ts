import type { Acceptance } from '../lifecycle/ports.js';

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
  return isAcceptance(answer, bucket) ? { state: 'accepted' } : { state: 'not-yet', reason: tell(answer) };
}

function isAcceptance({ status, body }: WireAnswer, bucket: string): boolean {
  if (status === 200) return isDocument(body, 'ListBucketResult') && body.includes(`<Name>${bucket}</Name>`);
  const code = codeOf(body);
  // The signature was accepted, whatever the key may do.
  return (status === 403 && code === 'AccessDenied') || (status === 404 && code === 'NoSuchBucket');
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
  const what = code === null ? ', which is no answer of S3' : ` ${code}`;
  return `${from} answered ListObjectsV2 with HTTP ${status}${what}${about.length > 0 ? ` (${about.join(', ')})` : ''}.`;
}

function words(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_WORDS);
}
