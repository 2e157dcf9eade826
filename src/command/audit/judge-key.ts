import { isInactive, isOfUnknownStatus, NOT_TOLD, UNKNOWN_STATUS } from '../../lifecycle/access-key.js';
import type { AccessKey } from '../../lifecycle/access-key.js';
import { knownTime } from '../../lifecycle/service-time.js';
import { deletionCommand, describeUse, instant } from '../../lifecycle/wording.js';
import type { ReadBucket } from './inventory.js';
import type { ManagedKey } from './managed-key.js';
import type { Check, Finding, KeyReport, Limits, Manager } from './report.js';

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
      ? `was made ${key.createdAt ? instant(key.createdAt) : 'at a time that AWS does not tell'}`
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
  const untold: string[] = [];
  /** Null: AWS's answer leaves out what would tell. */
  const checkWhere = (name: Check, isFound: boolean | null, message: string, missing: string) => {
    if (isFound === null) untold.push(`${named} cannot be checked for ${name}: ${missing}`);
    else check(name, isFound, message);
  };
  const noAge = asOf === null ? noTime(bucket) : 'AWS does not tell when it was made.';
  checkWhere(
    'inactive',
    isOfUnknownStatus(key) ? null : isInactive(key),
    `is ${key.status}: S3 refuses it. Rotate it, or delete it if nothing needs it: ${deletion}`,
    key.status === UNKNOWN_STATUS
      ? 'AWS does not tell its status.'
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
  const isUseTold = key.lastUse !== NOT_TOLD;
  const isUsed = isUseTold && key.lastUse !== null;
  const isOfThatAge = age === null ? null : age >= neverUsedDays * DAY;
  checkWhere(
    'never-used',
    isUsed ? false : isUseTold || isOfThatAge === false ? isOfThatAge : null,
    `${made} and was never used. Find out who was to use it; if nobody, remove it.`,
    isUseTold ? noAge : 'AWS does not tell when it was last used.',
  );
  if (previous?.retireAfter) {
    checkWhere(
      'overlap-expired',
      asOf && previous.retireAfter <= asOf,
      `is the previous key of ${previous.address}, was to go after ${instant(previous.retireAfter)}, and is still there; it ${use(key)}. Run terraform apply; where the key is still in use, the plan names by what.`,
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
    untold,
  };
}

/** A key that states name, and that is not there. */
export function missingKey(accessKeyId: string, bucket: string, managers: readonly ManagedKey[]): KeyReport {
  const [first] = managers;
  const owner = first ? `${first.address} has it (${first.state})` : '';
  return absentKey(
    accessKeyId,
    managers,
    `Key ${accessKeyId} of bucket ${bucket} is not there, but ${owner}. Whoever uses it is refused by S3. Run terraform plan there: it says what an apply repairs.`,
  );
}

/** A resource without a current key, whose state keeps only what is left of its others. */
export function lostKey(manager: ManagedKey): KeyReport {
  const { address, state, bucket } = manager;
  return absentKey(
    null,
    [manager],
    `${address} has no current key of bucket ${bucket}, as its own state says (${state}): it is gone, or could not be made. Whoever uses a pair that it has delivered is refused by S3. Run terraform apply there: it makes another key.`,
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
    untold: [],
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
  if (lastUse === NOT_TOLD) return 'was last used at a time that AWS does not tell';
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
