import type { AccessKey } from '../../lifecycle/access-key.js';
import { isInactive, isOfUnknownStatus, NOT_REPORTED, UNKNOWN_STATUS } from '../../lifecycle/access-key.js';
import { knownTime } from '../../lifecycle/service-time.js';
import { deletionCommand, describeUse, instant } from '../../lifecycle/wording.js';
import type { ReadBucket } from './inventory.js';
import type { Check, Finding, KeyReport, Limits, Manager } from './report.js';
import type { ManagedKey } from './state/managed-keys.js';

const DAY = 86_400_000;

/** A check that applies to a key, and what it found; null: nothing. */
type Judgement = readonly [check: Check, message: string | null];

/** A key that is there. `managers`: what the states say of it; null when there are no states. */
export function judgeKey(
  key: AccessKey,
  bucket: ReadBucket,
  managers: readonly ManagedKey[] | null,
  limits: Limits,
): KeyReport {
  const asOf = knownTime(bucket);
  const age = asOf && key.createdAt && asOf.getTime() - key.createdAt.getTime();
  const ageDays = age === null ? null : Math.max(0, Math.floor(age / DAY));
  const made =
    ageDays === null
      ? `was made ${key.createdAt ? instant(key.createdAt) : 'at a time that AWS does not report'}`
      : `was made ${ageDays} ${ageDays === 1 ? 'day' : 'days'} ago`;
  const named = `Key ${key.id} of bucket ${bucket.name}`;
  const deletion = deletionCommand(bucket.name, bucket.region, key.id);
  const previous = managers?.find(({ role, retireAfter }) => role === 'previous' && retireAfter !== null);
  const current = managers?.find(({ role, rotationDueAt }) => role === 'current' && rotationDueAt !== null);
  const undelivered = managers?.find(({ isUndelivered }) => isUndelivered);

  const judgements: Judgement[] = [];
  const check = (name: Check, isFound: boolean, message: string) => {
    judgements.push([name, isFound ? `${named} ${message}` : null]);
  };
  if (managers && managers.length > 0) check('missing', false, '');
  const undetermined: string[] = [];
  /** Null: AWS's answer leaves out what would tell. */
  const checkWhere = (name: Check, isFound: boolean | null, message: string, missing: string) => {
    if (isFound === null) undetermined.push(`${named} cannot be checked for ${name}: ${missing}`);
    else check(name, isFound, message);
  };
  const noAge = asOf === null ? noTime(bucket) : 'AWS does not report when it was made.';
  checkWhere(
    'inactive',
    isOfUnknownStatus(key) ? null : isInactive(key),
    `is ${key.status}: S3 refuses it. Rotate it, or delete it if nothing needs it: ${deletion}`,
    key.status === UNKNOWN_STATUS
      ? 'AWS does not report its status.'
      : `AWS says that it is ${key.status}, which this version does not know.`,
  );
  if (managers) {
    check(
      'unmanaged',
      managers.length === 0,
      `is in none of the given states; it ${made} and ${use(key)}. If it is yours, import it, or give the state that has it to --state as well; if nothing needs it, delete it: ${deletion}`,
    );
  }
  const { maxAgeDays, neverUsedDays } = limits;
  if (maxAgeDays !== null) {
    checkWhere(
      'over-age',
      age === null ? null : age > maxAgeDays * DAY,
      `is ${ageDays ?? 0} ${ageDays === 1 ? 'day' : 'days'} old, more than the ${maxAgeDays} allowed. Rotate it.`,
      noAge,
    );
  }
  const isUseReported = key.lastUse !== NOT_REPORTED;
  const isUsed = isUseReported && key.lastUse !== null;
  const isOfThatAge = age === null ? null : age >= neverUsedDays * DAY;
  checkWhere(
    'never-used',
    isUsed ? false : isUseReported || isOfThatAge === false ? isOfThatAge : null,
    `${made} and was never used. Find its consumer; if it has none, delete it.`,
    isUseReported ? noAge : 'AWS does not report when it was last used.',
  );
  if (previous?.retireAfter) {
    checkWhere(
      'overlap-expired',
      asOf && previous.retireAfter <= asOf,
      `is the previous key of ${previous.address}, was due for deletion at ${instant(previous.retireAfter)}, and still exists; it ${use(key)}. Run terraform apply; where the key is still in use, the plan reports by what.`,
      noTime(bucket),
    );
  }
  if (current?.rotationDueAt ?? undelivered) {
    const since = current?.rotationDueAt;
    checkWhere(
      'rotation-due',
      undelivered !== undefined || (asOf && since != null && since <= asOf),
      undelivered
        ? `has no delivered secret (${undelivered.address} was imported or moved, or its pair is gone): it is due for rotation. Run terraform apply.`
        : `is due for rotation since ${since ? instant(since) : ''} (${current?.address ?? ''}). Run terraform apply.`,
      noTime(bucket),
    );
  }
  return {
    accessKeyId: key.id,
    status: key.status,
    createdAt: key.createdAt,
    ageDays,
    lastUsed: key.lastUse,
    managedBy: (managers ?? []).map(asManager),
    retirePreviousAfter: previous?.retireAfter ?? null,
    rotationDueAt: current?.rotationDueAt ?? null,
    ...split(judgements),
    undetermined,
  };
}

/** A key that states name, and that is not there. */
export function missingKey(accessKeyId: string, bucket: string, managers: readonly ManagedKey[]): KeyReport {
  const [first] = managers;
  const owner = first ? `${first.address} has it (${first.state})` : '';
  return absentKey(
    accessKeyId,
    managers,
    `Key ${accessKeyId} of bucket ${bucket} is not there, but ${owner}. S3 refuses its consumers. Run terraform plan there: it says what an apply repairs.`,
  );
}

/** A resource without a current key, whose state keeps only what is left of its others. */
export function lostKey(manager: ManagedKey): KeyReport {
  const { address, state, bucket } = manager;
  return absentKey(
    null,
    [manager],
    `${address} has no current key of bucket ${bucket}, as its own state says (${state}): it was deleted, or could not be created. S3 refuses the consumers of a pair that it has delivered. Run terraform apply there: it creates another key.`,
  );
}

function absentKey(accessKeyId: string | null, managers: readonly ManagedKey[], message: string): KeyReport {
  return {
    accessKeyId,
    status: null,
    createdAt: null,
    ageDays: null,
    lastUsed: null,
    managedBy: managers.map(asManager),
    retirePreviousAfter: managers.find(({ role }) => role === 'previous')?.retireAfter ?? null,
    rotationDueAt: managers.find(({ role }) => role === 'current')?.rotationDueAt ?? null,
    ...split([['missing', message]]),
    undetermined: [],
  };
}

function split(judgements: readonly Judgement[]): Pick<KeyReport, 'checks' | 'findings'> {
  return {
    checks: judgements.map(([check]) => check),
    findings: judgements.flatMap(([check, message]): Finding[] =>
      message === null ? [] : [{ check, message }],
    ),
  };
}

function use({ lastUse }: AccessKey): string {
  if (lastUse === NOT_REPORTED) return 'was last used at a time that AWS does not report';
  return lastUse ? `was last ${describeUse(lastUse)}` : 'was never used';
}

function noTime({ asOf, doubt }: ReadBucket): string {
  return doubt?.kind === 'clocks differ'
    ? `the Date of AWS's answer is ${instant(asOf)}, and this machine's clock said ${instant(doubt.machine)}. Check this machine's clock first.`
    : "AWS's answer has no Date. Check what answers at the endpoint of Lightsail.";
}

function asManager({ address, state, role }: ManagedKey): Manager {
  return { address, state, role };
}
