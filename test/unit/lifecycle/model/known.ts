import type { Happening, Step } from './happenings.js';
import type { Scenario } from './scenario.js';

/** Something that the shipped code gets wrong, and that somebody has looked at. */
export interface Known {
  readonly name: string;
  readonly violation: RegExp;
  readonly scenario: (scenario: Scenario) => boolean;
  /** Which of two misfortunes it takes: too few histories show it to be met by a share of them. */
  readonly after?: (happening: Happening, step: Step) => boolean;
}

/** One that never shows any more fails the suite: it is to be taken out of this list. */
export const KNOWN: readonly Known[] = [
  {
    // What follows a bucket's new name is planned by the second of two calls, whose warnings Terraform does not show:
    // nobody reads that the old bucket may still get the key of a create that got no answer.
    name: 'the old bucket of a moved key may get a key that nobody names',
    violation: /^a key is leaked: nobody has named it$/,
    scenario: ({ action }) => action === 'move',
  },
  {
    // Both plans look for themselves whether the pair lies there: the second may find it gone, or be unable to ask, and
    // then plans a rotation, which Terraform takes for a defect of the provider. Nothing is changed; the next plan says it.
    name: 'a pair in place that the second plan does not find makes it contradict the first',
    violation: /^the second plan contradicts the first: /,
    scenario: ({ action }) => action === 'take-over',
  },
  {
    // The first look takes it for a key of another region; the message speaks of a moved block, and its remedy,
    // terraform state rm, helps.
    name: 'an imported key that is deleted before the first look at it stops every plan',
    violation: /^it does not converge$/,
    scenario: ({ action }) => action === 'import' || action === 'take-over',
  },
  {
    // A refresh ends the late-create window, and its answer names what has landed. Killed before it has shown that,
    // Terraform never will: no later run looks.
    name: 'a refresh that is killed once it has ended a late-create window names its find to nobody',
    violation: /^a key is leaked: nobody has named it$/,
    scenario: () => true,
    after: (happening, { phase }) => phase === 'plan' && /^(kill|crash)-/.test(happening),
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
    // A destroy shows no warning of the refresh before it, its own plan does not look yet, and the delete does not read
    // what a run that died, or got no answer, has written down.
    name: 'a destroy names none of the keys that an earlier run has left',
    violation: /^a key is leaked: nobody has named it$/,
    scenario: ({ action }) => action.includes(', then '),
  },
  {
    // The refresh before it would show them, but keys that it finds are remembered for an apply.
    name: 'a destroy leaves behind what an earlier run has left and the journal proves',
    violation: /^a key that the journal proves ours was left behind$/,
    scenario: ({ action }) => action.includes(', then '),
  },
];
