import { randomUUID } from 'node:crypto';
import { type Answer } from '../service.js';
import { ServiceError } from '../service-error.js';

export const TARGET_PREFIX = 'Lightsail_20161128.';

const CONTENT_TYPE = 'application/x-amz-json-1.1';
const DOCS = 'https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/CommonErrors.html';

export function jsonAnswer(value: unknown): Answer {
  return answer(200, value);
}

/** The modelled errors carry code, docs and tip; those of AWS's common front end only a message. */
export function jsonError(error: ServiceError): Answer {
  const modelled = MODELLED.has(error.type);
  return answer(
    error.status,
    {
      __type: error.type,
      message: error.message,
      ...(modelled && {
        code: error.type,
        docs: DOCS,
        tip: 'See the documentation for what this call expects.',
      }),
    },
    { 'x-amzn-errortype': error.type },
  );
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
