import { describeOddPoint } from './odd-answers.js';
import type { OddResult, Standing } from './odd-history.js';

/** What is broken, or nothing. */
type Check = (result: OddResult) => string | false;

const list = (what: string, found: readonly string[]): string | false =>
  found.length > 0 && `${what}: ${found.join(', ')}`;

const unreported = (when: string, standing: Standing | null) =>
  list(`living and not reported ${when}`, standing?.orphans ?? []);

/** Of each promise, how a history can break it. */
export const ODD_CHECKS: Readonly<Record<string, Check>> = {
  'an error has words for its reader': ({ rawErrors }) => list('raw errors', rawErrors),
  'no secret is printed': ({ secretsPrinted }) => list('secrets printed, of', secretsPrinted),
  'a run that says it is done has done it': ({ claimed, point }) => {
    if (!claimed) return false;
    const isGone = point.scenario === 'destroy';
    const isSo = isGone ? claimed.objects === 0 && isEmpty(claimed) : claimed.served;
    return !isSo && `the struck run succeeds, and ${isGone ? 'a pair is left' : 'there is no working pair'}`;
  },
  'a run that says it is done reports every key': ({ claimed }) => unreported('by the struck run', claimed),
  'the next runs go on': ({ ended, runs }) => ended !== 'converged' && `${ended} after ${runs} runs`,
  'there is a working pair': ({ serves, isRemoved, followed }) =>
    serves && !isRemoved && !followed.served && 'no consumer is served',
  'no key is lost': ({ followed, followUp, serves }) =>
    (serves || !followUp.startsWith('second')) && unreported('after the next runs', followed),
  'no key is lost by a destroy': ({ destroyed }) => unreported('in the end', destroyed),
  'a destroy leaves no object': ({ destroyed }) => destroyed.objects > 0 && 'an object is left in the state',
  'a destroy leaves no key of the state': ({ ownLeft }) => list('keys of the state that live on', ownLeft),
  'a destroy leaves no pair': ({ destroyed: { filesLeft, deadPairsLeft } }) =>
    list('left at the destination', [...filesLeft, ...deadPairsLeft]),
  'advice costs no consumer its pair': ({ badAdvice }) => list('told to delete a key in use', badAdvice),
  'stacks leave each other alone': ({ wrong }) => list('between two stacks', wrong),
};

function isEmpty({ filesLeft, deadPairsLeft }: Standing): boolean {
  return filesLeft.length === 0 && deadPairsLeft.length === 0;
}

export function oddViolations(result: OddResult): string[] {
  return Object.values(ODD_CHECKS).flatMap((check) => check(result) || []);
}

/** Prints everything about the histories that have broken a promise; answers a line for each. */
export function reportOdd(results: readonly OddResult[]): string[] {
  return results.flatMap((result) => {
    const broken = oddViolations(result);
    if (broken.length === 0) return [];
    const title = `${describeOddPoint(result.point)}, then ${result.followUp}`;
    process.stdout.write(`\n${[title, ...broken.map((what) => `!! ${what}`), result.said].join('\n')}\n`);
    return [`${title}: ${broken.join('; ')}`];
  });
}
