import { GAPS } from './gaps.js';
import type { Gap } from './gaps.js';

/** Everything outside that a lifecycle step touches; each call of one is a step of the history. */
export type Port =
  | 'keys.list'
  | 'keys.create'
  | 'keys.delete'
  | 'destination.check'
  | 'destination.read'
  | 'destination.stage'
  | 'destination.staged'
  | 'destination.promote'
  | 'destination.discard'
  | 'destination.remove'
  | 'journal.read'
  | 'journal.write'
  | 's3.accepts'
  | 'hook.created'
  | 'hook.deletion'
  | 'terraform.save';

/** What befalls one step. */
export type Happening =
  /** The provider dies (`crash`), or Terraform with it (`kill`). */
  | `${'crash' | 'kill'}-${'before' | 'after'}`
  /** The call fails without or after its effect; `always`: every later call of this port by this process too. */
  | `fail-${'before' | 'after' | 'always'}`
  /** What becomes of a create. `late-3`: no answer, and it takes effect three steps later. */
  | 'refused'
  | 'throttled'
  | 'lost-done'
  | 'lost-undone'
  | `late-${number}`
  /** A deletion is accepted, or a replica does not know the key: nothing happens. `always`: as above. */
  | `undone${'' | '-always'}`
  /** AWS does not say which keys there are. */
  | `no-list${'' | '-always'}`
  /** AWS answers in part. */
  | `without ${Gap}`
  /** So are all later ones to this process. */
  | `without ${'status' | 'creation'}, always`
  | 'stranger-comes'
  | 'stranger-goes'
  /** Somebody deletes our key. */
  | 'ours-goes'
  /** AWS takes our key out of use. */
  | 'ours-inactive'
  /** Somebody has altered the secrets that lie at the destination; the key IDs beside them stay. */
  | 'altered'
  /** Another resource of this process has made a key before this step. */
  | 'neighbour-comes'
  /** A whole run of another stack with the same destination takes place before this step. */
  | 'rival'
  /** The same once every lease of this run is over, which has been held up that long. */
  | 'overtaken'
  /** The user's first Ctrl-C. */
  | 'abort';

/** One step that took place. */
export interface Step {
  readonly port: Port;
  readonly run: number;
  readonly phase: 'plan' | 'apply';
  readonly isFirstOfPhase: boolean;
}

/** Null: the answer is whole. */
export function gapIn(happening: Happening | undefined): Gap | null {
  return GAPS.find((gap) => [`without ${gap}`, `without ${gap}, always`].includes(happening ?? '')) ?? null;
}

export type Plot = ReadonlyMap<number, Happening>;

const CHANGING: readonly Port[] = [
  'keys.delete',
  'destination.stage',
  'destination.promote',
  'destination.discard',
  'destination.remove',
  'journal.write',
];

/** Late creates land at each of the next steps, and after the run has ended. */
const AFTER_THE_RUN = 1000;
const LATER_STEPS = 24;

/** Everything that can befall such a step. */
export function happeningsAt(step: Step): Happening[] {
  const { port } = step;
  const all: Happening[] = [
    'kill-before',
    'kill-after',
    'stranger-comes',
    'stranger-goes',
    'ours-goes',
    'ours-inactive',
  ];
  if (port === 'terraform.save') return all;
  all.push('crash-before', 'crash-after', 'abort', 'rival');
  if (step.phase === 'apply') all.push('overtaken');
  if (step.isFirstOfPhase) all.push('altered');
  if (step.isFirstOfPhase && step.phase === 'apply') all.push('neighbour-comes');
  if (port === 'keys.delete') all.push('undone', 'undone-always');
  if (port === 'keys.list')
    all.push('no-list', 'no-list-always', ...GAPS.map((gap) => `without ${gap}` as const));
  if (port === 'keys.list') all.push('without status, always', 'without creation, always');
  if (port !== 'keys.create') {
    all.push('fail-before', 'fail-always');
    if (CHANGING.includes(port)) all.push('fail-after');
    return all;
  }
  all.push('refused', 'throttled', 'lost-done', 'lost-undone', `late-${AFTER_THE_RUN}`);
  for (let later = 1; later <= LATER_STEPS; later++) all.push(`late-${later}`);
  return all;
}
