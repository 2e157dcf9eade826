import type { Happening, Step } from './happenings.js';
import type { Scenario } from './scenario.js';

/** Something that the shipped code gets wrong, and that somebody has looked at. */
export interface Known {
  readonly name: string;
  readonly violation: RegExp;
  readonly scenario: (scenario: Scenario) => boolean;
  /** Which of two misfortunes it takes: too few histories show it to be met by a share of them. */
  readonly after?: (happening: Happening, step: Step) => boolean;
  /** Met once in a quarter of a million histories: nobody waits for it. */
  readonly isRare?: true;
}

/** One that never shows any more fails the suite: it is to be taken out of this list. */
export const KNOWN: readonly Known[] = [
  {
    // Both plans look for themselves whether the pair lies there: the second may find it gone, or be unable to ask, and
    // then plans a rotation, which Terraform takes for a defect of the provider. Nothing is changed; the next plan says it.
    name: 'a pair in place that the second plan does not find makes it contradict the first',
    violation: /^the second plan contradicts the first: /,
    scenario: ({ action }) => action === 'take-over',
  },
  {
    // Where the destination is not known while planning, nobody leaves word there that the pair may be replaced, and the
    // plan does not say that its apply will refuse because of that. Nothing is changed; the next plan knows more.
    name: 'create_before_destroy with a destination that is known only at apply is refused there',
    violation: /^an apply failed although nothing had happened since its plan$/,
    scenario: ({ action, unknown }) => action === 'replace-before-destroy' && unknown === 'secret',
  },
  {
    // Beside a living key, roomOnBucket says of what takes the other slot only that the new key is made beside it.
    name: 'the plan of a rotation to a place that is known only at apply does not say that no slot is free',
    violation: /^an apply failed although nothing had happened since its plan$/,
    scenario: ({ strangers, unknown }) => strangers > 0 && unknown === 'secret',
  },
  {
    // Its run has withdrawn it, nobody has its secret, and the journal says that it is to be deleted. That another
    // state still holds it as tainted, to delete it as well, the journal does not say.
    name: 'a withdrawn key is deleted although the state of the stack that made it still holds it',
    violation: /^the key of another stack's state was deleted$/,
    scenario: ({ action, s3 }) => action === 'leftovers' && s3 === 'never',
    after: (happening) => happening === 'rival',
    isRare: true,
  },
  {
    // The pair is delivered, and GetBucketAccessKeys fails until the run has ended: the mark keeps the late-create window,
    // and the next refresh looks.
    name: 'a run that cannot list any more does not name what its lost create has made',
    violation: /^a run succeeded and did not name the key that one of its calls had made$/,
    scenario: () => true,
    after: (happening, { port }) => happening === 'fail-always' && port === 'keys.list',
    isRare: true,
  },
  {
    // Between the last look at the lease and the store's own promotion a run can sleep for longer than the lease: no store
    // promotes on the condition of its journal.
    name: 'a run that sleeps between its last look and the promotion puts its pair over that of who has overtaken it',
    violation: /^the pair of another stack was overwritten$/,
    scenario: () => true,
    after: (happening, { port }) => happening === 'overtaken' && port === 'destination.promote',
    isRare: true,
  },
  {
    // The journal that looked out for it was given up with the old bucket, by a run that died before it had said so.
    name: 'the old bucket of a moved key may get a key that nobody names',
    violation: /^a key is leaked: nobody has named it$/,
    scenario: ({ action }) => action === 'move',
    isRare: true,
  },
  {
    // What comes of a late create, or is deleted and not seen to be gone, while the destroy itself dies.
    name: 'a destroy that dies in its turn leaves behind what it had found',
    violation: /^a key that the journal proves ours was left behind$/,
    scenario: ({ action }) => action.includes(', then '),
    after: (happening) => /^(kill|crash|fail)-/.test(happening),
    isRare: true,
  },
  {
    // The run that withdrew it has died, and the removal of its resource came before any list had shown it.
    name: 'a key that no list shows for minutes is not named where its resource is removed meanwhile',
    violation: /^a key is leaked: nobody has named it$/,
    scenario: ({ action, lag }) => action.includes(', then ') && lag > 3000,
    isRare: true,
  },
  {
    // A create without an answer has taken effect, and for two minutes no list shows its key: the first that does is the one
    // that apply itself asks for, after its plan.
    name: 'a late key that lists show only after the plan is deleted by an exclusive apply that has not announced it',
    violation: /^an apply deleted or adopted \w+, and its plan had not said so$/,
    scenario: ({ exclusive, lag }) => exclusive && lag > 3000,
    after: (happening) => happening === 'lost-done' || happening.startsWith('late-'),
    isRare: true,
  },
  {
    // A rotation that its author asks for has no room beside what a dead run has left for another resource, so its plan is
    // refused, and with it that of the other resource, which would finish the key. The refusal and the plan name it.
    name: 'what a dead run has left stays while the rotation of another resource has no room beside it',
    violation: /^a key that the journal proves ours was left behind$/,
    scenario: ({ row }) => row?.wishes.includes('rotates at once') ?? false,
    after: (happening) => /^(kill|crash)-/.test(happening),
    isRare: true,
  },
  {
    // Both say that the bucket is theirs alone. What a slow store leaves unconfirmed the one takes over from the other.
    name: 'two stacks that both say exclusive, with one destination on a slow store, take the place from each other',
    violation: /^the pair of another stack was overwritten$/,
    scenario: ({ exclusive, endsSlowly }) => exclusive && endsSlowly === true,
    after: (happening) => happening === 'rival',
    isRare: true,
  },
  {
    // The same where one of them sleeps for longer than its lease before it has confirmed its mark.
    name: 'two stacks that both say exclusive, one of them asleep before its last word, take the place from each other',
    violation: /^the pair of another stack was overwritten$/,
    scenario: ({ exclusive }) => exclusive,
    after: (happening, { port }) => happening === 'overtaken' && /^(journal.write|keys.list)$/.test(port),
    isRare: true,
  },
  {
    // Without its status a key is not due, so the slot that its successor would have taken goes to a key that is asked for.
    name: 'a rotation that an answer in part puts off leaves its slot to the new key of another resource',
    violation: /^because of an answer in part, a key was (made|delivered)$/,
    scenario: ({ row }) =>
      row !== undefined && /\bdue\b/.test(row.wishes.join()) && row.wishes.includes('new'),
    after: (happening) => happening.startsWith('without '),
    isRare: true,
  },
  {
    // Nothing is deleted on an answer in part: it is reported at each plan until AWS tells all of it.
    name: 'a late key of a lost create is left, and reported, as long as AWS does not tell its status or age',
    violation: /^a key that the journal proves ours was left behind$/,
    scenario: ({ exclusive }) => exclusive,
    after: (happening) => /^without (status|creation)/.test(happening),
    isRare: true,
  },
  {
    // The plan and the first try knew that the key was Active. The list between the tries is looked at for newcomers alone.
    name: 'a create that is tried again does not look again at the status of the key that it follows',
    violation: /^a key was made in the place of one whose status is not told, and nobody had asked for it$/,
    scenario: () => true,
    after: (happening) => happening.startsWith('without status'),
    isRare: true,
  },
  {
    // Terraform plans and deletes an old object that an earlier run has left by itself, whatever becomes of its successor's
    // creation beside it.
    name: 'the old object of a replacement that has died goes although its successor cannot be made yet',
    violation: /^because of an answer in part, /,
    scenario: ({ action }) => action === 'replace-before-destroy',
    after: (happening) => happening.startsWith('without '),
    isRare: true,
  },
  {
    // Whoever imports the key of a stack that has overtaken this one says that it is this one's, as the refusal tells.
    name: 'the pair of a key that was imported from the stack which had overtaken this one is replaced once it is altered',
    violation:
      /^(the second plan contradicts the first: |the (pair|key) of another stack('s state)? was (overwritten|deleted)$)/,
    scenario: ({ action }) => action === 'create' || action === 'taint',
    after: (happening) => happening === 'overtaken',
    isRare: true,
  },
  {
    // The mark of a deleted key does not make the place its resource's: whoever has put the other value there takes it away.
    name: 'a value of somebody else stays in the way once the key whose pair it has replaced is gone, too',
    violation: /^it does not converge$/,
    scenario: ({ changed }) => changed === true,
    after: (happening) => happening === 'ours-goes',
    isRare: true,
  },
];
