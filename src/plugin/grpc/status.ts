/** The status codes of gRPC that this server answers with. */
export const STATUS = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;
export type StatusCode = (typeof STATUS)[keyof typeof STATUS];

/** Ends a call with a status; anything a user should read in full belongs into a diagnostic instead. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  constructor(
    readonly code: StatusCode,
    message: string,
  ) {
    super(message);
  }
}

/** Longer ones would exceed what a peer accepts as header fields. */
const MAX_MESSAGE_BYTES = 1000;

export function statusTrailers(code: StatusCode, message = ''): Record<string, string> {
  return {
    'grpc-status': String(code),
    ...(message !== '' && { 'grpc-message': percentEncode(message) }),
  };
}

/** Of UTF-8, gRPC leaves printable ASCII but the percent sign as it is. */
function percentEncode(message: string): string {
  return Buffer.from(message)
    .subarray(0, MAX_MESSAGE_BYTES)
    .toString('latin1')
    .replace(/[^\x20-\x24\x26-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
