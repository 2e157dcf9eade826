/** What the run does that is killed. */
export const SCENARIOS = [
  'create',
  'replace',
  'create_before_destroy',
  'change of route',
  'destroy',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export type Route = 'file' | 'terraform_output';

/** One row of the table. */
export interface Case {
  readonly scenario: Scenario;
  readonly route: Route;
  readonly exclusive: boolean;
}

export const ADDRESS = 'lightsail_bucket_access_key.key';

/** The files that the stacks write, in the workshop's `out` folder. */
export const FIRST_FILE = 'first.json';
export const SECOND_FILE = 'second.json';

/** The key exists before the killed run. */
export function startsWithKey({ scenario }: Case): boolean {
  return scenario !== 'create';
}

/** A second key is made while the first is still there, so no other key can be on the bucket. */
export function needsBothSlots({ scenario }: Case): boolean {
  return scenario === 'create_before_destroy' || scenario === 'change of route';
}

/** The configuration before and after the change that the killed run carries out. */
export function configuration(of: Case, bucket: string, moment: 'before' | 'after'): string {
  const lifecycle =
    of.scenario === 'create_before_destroy' ? 'lifecycle { create_before_destroy = true }' : '';
  return `resource "lightsail_bucket_access_key" "key" {
  bucket_name = "${bucket}"
  secret      = { ${secretOf(of, moment)} }
  exclusive   = ${of.exclusive}
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

/** The route that is tested is the one that a key is being made for. */
function secretOf(of: Case, moment: 'before' | 'after'): string {
  const moves = of.scenario === 'change of route';
  if (moves && moment === 'before') return `file = { path = "out/${FIRST_FILE}" }`;
  if (of.route === 'terraform_output') return 'terraform_output = {}';
  return `file = { path = "out/${moves ? SECOND_FILE : FIRST_FILE}" }`;
}
