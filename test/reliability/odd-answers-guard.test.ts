import { type Edition, mutatedEdition } from '../support/reliability/edition.js';
import { NO_KEY_NAMED } from '../support/reliability/mutations.js';
import { ODDITIES, type OddPoint } from '../support/reliability/odd-answers.js';
import type { OddFollowUp } from '../support/reliability/odd-follow-up.js';
import { type OddResult, playOddAnswer, type Standing } from '../support/reliability/odd-history.js';
import { oddCalls } from '../support/reliability/odd-run.js';
import { ODD_CHECKS, oddViolations } from '../support/reliability/odd-verdict.js';
import { Stage } from '../support/reliability/stage.js';

const LOST = ODDITIES.find(({ name }) => name.startsWith('no answer'));
if (!LOST) throw new Error('No answer is lost.');
const POINT: OddPoint = {
  ...{ scenario: 'create', route: 'terraform_output', exclusive: false },
  ...{ side: 'aws', nth: 0, operation: 'CreateBucketAccessKey', oddity: LOST },
};
const GONE: Standing = { orphans: [], filesLeft: [], deadPairsLeft: [], served: false, objects: 0 };
const SERVED: Standing = { ...GONE, served: true, objects: 1 };
const GOOD: OddResult = {
  ...{ point: POINT, followUp: 'apply', isRemoved: false, ended: 'converged', runs: 1, serves: true },
  ...{ wrong: [], claimed: SERVED, rawErrors: [], followed: SERVED, badAdvice: [], destroyed: GONE },
  ...{ ownLeft: [], secretsPrinted: [], said: '' },
};
const LEFT = ['AKIALEFT'];

/** For each check, what it is to find. */
const BROKEN: readonly (readonly [check: string, broken: Partial<OddResult>])[] = [
  ['an error has words for its reader', { rawErrors: ['TypeError'] }],
  ['no secret is printed', { secretsPrinted: LEFT }],
  ['a run that says it is done has done it', { claimed: GONE }],
  [
    'a run that says it is done has done it',
    { point: { ...POINT, scenario: 'destroy' }, claimed: { ...GONE, deadPairsLeft: ['a pair'] } },
  ],
  ['a run that says it is done reports every key', { claimed: { ...SERVED, orphans: LEFT } }],
  ['the next runs go on', { ended: 'unsettled' }],
  ['there is a working pair', { followed: GONE }],
  ['no key is lost', { followed: { ...SERVED, orphans: LEFT } }],
  ['no key is lost by a destroy', { destroyed: { ...GONE, orphans: LEFT } }],
  ['a destroy leaves no object', { destroyed: { ...GONE, objects: 1 } }],
  ['a destroy leaves no key of the state', { ownLeft: LEFT }],
  ['a destroy leaves no pair', { destroyed: { ...GONE, filesLeft: ['a pair'] } }],
  ['advice costs no consumer its pair', { badAdvice: LEFT }],
  ['stacks leave each other alone', { wrong: ['the second stack has deleted a key'] }],
];

describe('The verdict on odd answers', () => {
  it('finds nothing wrong where all is well', () => {
    expect(oddViolations(GOOD)).toEqual([]);
  });

  it.each(BROKEN)('fails where this does not hold: %s', (check, broken) => {
    const result = { ...GOOD, ...broken };
    expect(ODD_CHECKS[check]?.(result)).toEqual(expect.any(String));
    expect(oddViolations(result)).toHaveLength(1);
  });

  it('has no check that is left out here', () => {
    expect(new Set(BROKEN.map(([check]) => check))).toEqual(new Set(Object.keys(ODD_CHECKS)));
  });
});

describe('A provider whose messages name no key', () => {
  let edition: Edition;
  let stage: Stage;

  beforeAll(async () => {
    edition = mutatedEdition(NO_KEY_NAMED);
    stage = await Stage.open(edition);
  });
  afterAll(async () => {
    await stage.close();
    edition.remove();
  });

  it.each<OddFollowUp>(['apply', 'renamed', 'second stack'])(
    'is found to lose the key of a lost answer: %s',
    async (followUp) => {
      const calls = await stage.dry(POINT, oddCalls);
      const point = { ...POINT, nth: calls.aws.indexOf(POINT.operation) + 1 };
      const results = await stage.each([point], (scene, each) => playOddAnswer(scene, each, [followUp]));
      const broken = results.flat().flatMap(oddViolations);
      process.stdout.write(`Without a key's name, then ${followUp}: ${broken.join('; ')}\n`);
      expect(broken).toContainEqual(expect.stringContaining('living and not reported in the end'));
    },
  );
});
