import { randomUUID } from 'node:crypto';
import { type Answer, ServiceError } from '../service.js';
import { BUCKET_NAME } from '../state/bucket.js';

export const TARGET_PREFIX = 'Lightsail_20161128.';

const CONTENT_TYPE = 'application/x-amz-json-1.1';
const DOCS = 'https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/CommonErrors.html';

export function jsonAnswer(value: unknown): Answer {
  return answer(200, value);
}

/** The modelled errors carry code, docs and tip; those of AWS's common front end only a message. An empty type is none. */
export function jsonError(error: ServiceError): Answer {
  const modelled = MODELLED.has(error.type);
  return answer(
    error.status,
    {
      ...(error.type !== '' && { __type: error.type }),
      message: error.message,
      ...(modelled && {
        code: error.type,
        docs: DOCS,
        tip: 'See the documentation for what this call expects.',
      }),
    },
    error.type === '' ? {} : { 'x-amzn-errortype': error.type },
  );
}

const MODELLED = new Set([
  'AccessDeniedException',
  'AccountSetupInProgressException',
  'InvalidInputException',
  'NotFoundException',
  'OperationFailureException',
  'RegionSetupInProgressException',
  'ServiceException',
  'UnauthenticatedException',
]);

function answer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': randomUUID(), ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** JSON 1.1 writes a time as seconds since 1970, with a fraction for milliseconds. */
export function epochSeconds(date: Date): number {
  return date.getTime() / 1000;
}

export type Input = Readonly<Record<string, unknown>>;

export function parseInput(body: Buffer): Input {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Answered below, like any other body that is no JSON object.
  }
  throw new ServiceError('SerializationException', 'The request body is not a JSON object.');
}

export function string(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new ServiceError('SerializationException', `The member ${name} is not a string.`);
}

export function boolean(input: Input, name: string): boolean {
  const value = input[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw new ServiceError('SerializationException', `The member ${name} is not a boolean.`);
}

export function list(input: Input, name: string): readonly unknown[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value as unknown[];
  throw new ServiceError('SerializationException', `The member ${name} is not a list.`);
}

export function object(input: Input, name: string): Input | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Input;
  throw new ServiceError('SerializationException', `The member ${name} is not an object.`);
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw invalidInput(`The parameter ${name} is missing.`);
  return value;
}

export function bucketName(input: Input): string {
  const name = required(string(input, 'bucketName'), 'bucketName');
  if (BUCKET_NAME.test(name)) return name;
  throw invalidInput(
    `The bucket name is not valid: 3 to 54 lower-case letters, digits and hyphens, ` +
      `beginning and ending with a letter or a digit (${BUCKET_NAME.source}).`,
  );
}

export function accessKeyId(input: Input): string {
  const id = required(string(input, 'accessKeyId'), 'accessKeyId');
  if (/^[A-Z0-9]{20}$/.test(id)) return id;
  throw invalidInput('The access key ID is not valid: 20 upper-case letters and digits.');
}

export function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message);
}
