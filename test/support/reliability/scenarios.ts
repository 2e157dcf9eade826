/** What the run does that is killed. */
export const SCENARIOS = [
  'create',
  'replace',
  'create_before_destroy',
  'change of route',
  'rotate',
  'rotate without overlap',
  'after_days',
  'retire',
  'destroy',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Where a stack's pair goes. */
export const ROUTES = [
  'file',
  'terraform_output',
  'file, sealed',
  'secrets_manager',
  'ssm_parameter',
  'vault_kv',
  'command',
] as const;
export type Route = (typeof ROUTES)[number];

/** The destination remembers what a run was about to do; else the next run cannot tell whose a key is. */
export function hasJournal({ route }: Case): boolean {
  return route !== 'terraform_output' && route !== 'command';
}

/** One row of the table. */
export interface Case {
  readonly scenario: Scenario;
  readonly route: Route;
  readonly exclusive: boolean;
}

export const ADDRESS = 'lightsail_bucket_access_key.key';
/** The same resource once it has another name. */
export const MOVED_TO = 'lightsail_bucket_access_key.renamed';

/** In `after_days`, how old a key may become. */
export const AFTER_DAYS = 2;

/** The files that the stacks write, in the workshop's `out` folder. */
export const FIRST_FILE = 'first.json';
export const SECOND_FILE = 'second.json';

/** The key exists before the killed run. */
export function startsWithKey({ scenario }: Case): boolean {
  return scenario !== 'create';
}

/** A second key is made while the first is still there, so no other key can be on the bucket. */
export function needsBothSlots({ scenario }: Case): boolean {
  return !['create', 'replace', 'destroy'].includes(scenario);
}

/** The old key stays valid after the struck run, and is in the state. */
export function keepsPrevious({ scenario }: Case): boolean {
  return ['change of route', 'rotate', 'after_days'].includes(scenario);
}

/** The author's wish for a new key, and in `retire` the end of the old one's time. */
function rotation({ scenario }: Case, moment: Moment): string {
  const [without, rotates] = ['overlap_hours = 0', 'keepers = { version = "2" }'];
  switch (scenario) {
    case 'rotate':
      return moment === 'before' ? '' : rotates;
    case 'rotate without overlap':
      return moment === 'before' ? without : `${without}\n    ${rotates}`;
    case 'retire':
      return moment === 'before' ? rotates : `${without}\n    ${rotates}`;
    case 'after_days':
      return `after_days = ${AFTER_DAYS}`;
    default:
      return '';
  }
}

/** Before the change that the struck run carries out, or with it. */
export type Moment = 'before' | 'after';

export function configuration(of: Case, bucket: string, secret: string, moment: Moment): string {
  const lifecycle =
    of.scenario === 'create_before_destroy' ? 'lifecycle { create_before_destroy = true }' : '';
  return `resource "lightsail_bucket_access_key" "key" {
  bucket_name = "${bucket}"
  secret {
    ${secret}
  }
  exclusive   = ${of.exclusive}
  rotation {
    ${rotation(of, moment)}
  }
  ${lifecycle}
}`;
}

/** The killed command; those that follow it are plain ones. */
export function killedCommand({ scenario }: Case): string[] {
  if (scenario === 'destroy') return followingCommand(scenario);
  const replacing = scenario === 'replace' || scenario === 'create_before_destroy';
  return [...followingCommand(scenario), ...(replacing ? [`-replace=${ADDRESS}`] : [])];
}

export function followingCommand(scenario: Scenario): string[] {
  return [scenario === 'destroy' ? 'destroy' : 'apply', '-auto-approve', '-no-color', '-lock=false'];
}
