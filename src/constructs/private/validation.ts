import { Token } from 'cdktf';

/** Each check returns what is wrong, or nothing; a value that is only known later passes. */
export type Problems = readonly string[];

const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/;

export function checkBucketName(bucketName: string): Problems {
  if (Token.isUnresolved(bucketName) || BUCKET_NAME.test(bucketName)) return [];
  return [
    `The bucket name "${bucketName}" is not one that Lightsail accepts, so no access key can be made for it. ` +
      `Give 3 to 54 lowercase letters, digits and hyphens, a letter or digit first and last.`,
  ];
}

export function checkNotEmpty(name: string, value: string, remedy: string): Problems {
  if (Token.isUnresolved(value) || value.trim() !== '') return [];
  return [`${name} is empty, so the access key's secret would have nowhere to go. ${remedy}`];
}

export function checkWholeNumber(
  name: string,
  value: number | undefined,
  { from, to = Infinity, unit }: { from: number; to?: number; unit: string },
): Problems {
  if (value === undefined || Token.isUnresolved(value)) return [];
  if (Number.isInteger(value) && value >= from && value <= to) return [];
  const range = to === Infinity ? `of at least ${from}` : `from ${from} to ${to}`;
  return [
    `${name} is ${value}, which Terraform would refuse before it touched any access key. ` +
      `Give a whole number of ${unit} ${range}, or leave it out.`,
  ];
}

export function checkUrl(name: string, value: string | undefined): Problems {
  if (value === undefined || Token.isUnresolved(value)) return [];
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return [];
  return [
    `${name} is "${value}", which is no URL, so no call could be made and no access key managed. ` +
      `Give a URL such as http://127.0.0.1:4566, or leave it out.`,
  ];
}

export function checkOneOf(name: string, value: string | undefined, allowed: readonly string[]): Problems {
  if (value === undefined || Token.isUnresolved(value) || allowed.includes(value)) return [];
  return [
    `${name} is "${value}", in which the access key could not be written. Give one of: ${allowed.join(', ')}.`,
  ];
}

/** A value that decides what becomes of keys. */
export function checkChoice(name: string, value: string | undefined, allowed: readonly string[]): Problems {
  if (value === undefined || Token.isUnresolved(value) || allowed.includes(value)) return [];
  return [
    `${name} is "${value}", which Terraform would refuse before it touched any access key. ` +
      `Give one of: ${allowed.join(', ')}; or leave it out.`,
  ];
}

/** A program of the author's, with its arguments; `otherwise` is what it would mean for the key if there were none. */
export function checkProgram(
  name: string,
  argv: readonly string[] | undefined,
  { otherwise, example }: { otherwise: string; example: string },
): Problems {
  if (argv === undefined || Token.isUnresolved(argv)) return [];
  const [program = ''] = argv;
  if (Token.isUnresolved(program) || program.trim() !== '') return [];
  return [
    `${name} names no program, so ${otherwise}. ` +
      `Give the program and its arguments as a list, such as ${example}; no shell reads it.`,
  ];
}

const FORMATS = ['sdk', 'env', 'credential_process', 'ini'];

export function checkFormat(format: string | undefined): Problems {
  return checkOneOf('The format', format, FORMATS);
}
