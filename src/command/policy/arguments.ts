import { parse, UsageError } from '../subcommand.js';
import { type DestinationName, DESTINATIONS, type PolicyRequest, PURPOSES, TIERS } from './request.js';

const OPTIONS = {
  for: { type: 'string', default: 'apply' },
  bucket: { type: 'string', multiple: true },
  destination: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string' },
  partition: { type: 'string' },
  'secret-id': { type: 'string' },
  name: { type: 'string' },
  tier: { type: 'string' },
  'kms-key': { type: 'string' },
} as const;

const BUCKET = /^([a-z0-9][a-z0-9-]{1,52}[a-z0-9]|arn:[\w-]+:lightsail:[\w-]+:\d{12}:Bucket\/[\w-]+)$/;

/** The arguments of `lightsail-access-key policy`, checked; the audit needs none. Throws a UsageError. */
export function parsePolicyArguments(args: readonly string[], usage: string): PolicyRequest | 'audit' {
  const { values } = parse(args, usage, { options: OPTIONS });
  const fail = (message: string): never => {
    throw new UsageError(message, usage);
  };
  const purpose = oneOf('for', values.for, PURPOSES);
  if (purpose === 'audit') {
    const other = Object.keys(values).find((option) => option !== 'for');
    return other === undefined ? 'audit' : fail(`--${other} does not belong to the policy for the audit.`);
  }
  const { bucket: buckets = [] } = values;
  if (buckets.length === 0) return fail('Give at least one --bucket.');
  const wrong = buckets.find((bucket) => !BUCKET.test(bucket));
  if (wrong !== undefined) return fail(`--bucket is ${wrong}, which is neither a bucket's name nor its ARN.`);
  const destination = oneOf('destination', values.destination, DESTINATIONS);
  const region = matching('region', values.region, /^[a-z]{2}(-[a-z]+)+-\d$/);
  const account = matching('account', values.account, /^\d{12}$/);
  const partition = matching('partition', values.partition ?? 'aws', /^aws(-[a-z]+)*$/);
  for (const bucket of buckets) assertHere('bucket', bucket);
  const secretId = placeIn('secrets-manager', 'secret-id');
  if (secretId !== undefined) assertHere('secret-id', secretId);
  return {
    buckets,
    region,
    account,
    partition,
    destination,
    secretId,
    parameter: placeIn('ssm-parameter', 'name'),
    tier: values.tier === undefined ? undefined : oneOf('tier', only('tier', 'ssm-parameter'), TIERS),
    kmsKey: only('kms-key', 'secrets-manager', 'ssm-parameter'),
  };

  function matching(option: string, value: string | undefined, pattern: RegExp): string {
    if (value !== undefined && pattern.test(value)) return value;
    return fail(value === undefined ? `Give --${option}.` : `--${option} is ${value}, which is none.`);
  }

  /** Rights on what is elsewhere would help nobody: the provider looks in one Region. */
  function assertHere(option: 'bucket' | 'secret-id', value: string): void {
    const [, ofPartition, , ofRegion, ofAccount] = value.split(':');
    if (!value.startsWith('arn:')) return;
    if (ofPartition === partition && ofRegion === region && ofAccount === account) return;
    fail(
      `--${option} is ${value}, which is not in the Region and account of --region, --account and --partition.`,
    );
  }

  function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === value);
    return found ?? fail(`Give --${option} as one of ${allowed.join(', ')}.`);
  }

  function placeIn(store: DestinationName, option: 'secret-id' | 'name'): string | undefined {
    if (destination === store && values[option] === undefined)
      return fail(`Give --${option} for this destination.`);
    return only(option, store);
  }

  /** A wildcard in a name would give rights that nobody meant. */
  function only(
    option: 'secret-id' | 'name' | 'tier' | 'kms-key',
    ...of: readonly DestinationName[]
  ): string | undefined {
    const value = values[option];
    if (value === undefined) return undefined;
    if (!of.includes(destination)) return fail(`--${option} does not belong to this destination.`);
    const name = option === 'name' ? /^[\w/.-]+$/ : /^[\w/+=.@:-]+$/;
    return name.test(value) ? value : fail(`--${option} is ${value}, which is no name.`);
  }
}
