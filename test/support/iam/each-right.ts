import { Bench } from '../destinations/bench.js';
import { type GrantedAction, Iam } from './iam.js';
import { type Account, type Act, type Place, Trial } from './without-right.js';

export interface Case {
  readonly title: string;
  readonly acts: readonly Act[];
  /** Arguments of `policy` for whatever place of this kind: they tell which rights there are. */
  readonly policy: readonly string[];
  /** Which of the policy's statements are taken apart; the others are another case's. */
  readonly statements: RegExp;
  readonly place: (bench: Bench) => Promise<Place>;
  /** Actions without which a run does what it has to in another way, and fails nowhere. */
  readonly dispensable?: readonly string[];
}

/** Takes each action of a policy away in turn, under a real Terraform. */
export function describeEachRight({ title, acts, policy, statements, place, dispensable = [] }: Case): void {
  describe(`${title}: without`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await Bench.open();
    });
    afterAll(() => bench.close());

    const iam = new Iam('us-east-1');
    iam.grant(...policy);
    const rights = iam.granted.filter(({ sid }) => statements.test(sid));

    test.each(rights.map((right) => [`${right.action} (${right.sid})`, right] as [string, GrantedAction]))(
      '%s an error says what is missing, no key is lost, and no secret is printed',
      async (_, right) => {
        const trial = await Trial.begin(bench, await place(bench), right);
        const accounts = await trial.run(acts);
        const faulty = accounts.filter((account) => !isFine(account));
        expect(faulty).toEqual([]);
        // A right that is never asked for is none of the least.
        expect(accounts.filter(({ refusals }) => refusals > 0)).not.toEqual([]);
        const isDispensable = dispensable.includes(right.action);
        expect(accounts.some(({ isTold }) => isTold)).toBe(!isDispensable);
      },
    );
  });
}

/** A run that fails says why. */
function isFine({ code, isTold, leaked, printed }: Account): boolean {
  return (code === 0 || isTold) && leaked.length === 0 && printed.length === 0;
}
