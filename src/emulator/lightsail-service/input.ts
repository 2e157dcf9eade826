import { ServiceError } from '../service-error.js';
import { BUCKET_NAME } from '../state/bucket.js';
import { type Input } from './wire.js';

export function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message);
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
