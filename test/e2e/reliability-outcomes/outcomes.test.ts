import type { Fault, FaultAction } from '../../../src/emulator/index.js';
import type { Terraform } from '../../support/terraform.js';
import { initialized, type Route, type Row, type Story, tell, withoutFolder } from './row.js';

const CREATE = 'CreateBucketAccessKey';
const AT_ONCE = 6;

interface Expected {
  readonly apply: 0 | 1;
  readonly creates: number;
  readonly keysLeft: number;
  readonly tainted?: true;
  readonly plan: 0 | 2;
  readonly keysInTheEnd: 1 | 2;
  readonly says?: string;
}
type Told = Story & { readonly expected: Expected };

/** The first create has its effect, and its answer is lost. */
const lost = (exclusive: boolean): Expected =>
  exclusive
    ? { apply: 0, creates: 2, keysLeft: 1, plan: 0, keysInTheEnd: 1 }
    : { apply: 1, creates: 1, keysLeft: 1, plan: 2, keysInTheEnd: 2, says: 'got no answer' };
const repeated: Expected = { apply: 0, creates: 2, keysLeft: 1, plan: 0, keysInTheEnd: 1 };
const rolledBack: Expected = {
  apply: 1,
  creates: 1,
  keysLeft: 0,
  plan: 2,
  keysInTheEnd: 1,
  says: 'was deleted again',
};

const both: readonly (readonly [Route, boolean])[] = [
  ['file', false],
  ['terraform_output', true],
];
const all: typeof both = [...both, ['file', true], ['terraform_output', false]];

function each(
  what: string,
  variants: typeof both,
  fault: FaultAction & Pick<Fault, 'times'>,
  expected: (exclusive: boolean) => Expected,
  more: Partial<Story> = {},
): Told[] {
  return variants.map(([route, exclusive]) => ({
    what,
    route,
    exclusive,
    faults: [{ operation: CREATE, ...fault }],
    expected: expected(exclusive),
    ...more,
  }));
}

const error = (type: string, status: number, when: 'before' | 'after') =>
  ({ kind: 'error', type, status, when }) as const;
const notAccepted = { kind: 'key-not-accepted', ms: 120_000 } as const;
const deleteFails: Fault = {
  operation: 'DeleteBucketAccessKey',
  ...error('ServiceException', 500, 'before'),
  times: 'always',
};

/** The folder of the file goes between the creation and its delivery. */
const meddle: Story['meddle'] = async (point, { operation }, { folder }) => {
  if (point === 'effect-done' && operation === CREATE) await withoutFolder(folder);
};

const stories: Told[] = [
  // The longest first: they mostly wait.
  ...each('no answer within 30 s', both, { kind: 'delay', when: 'after', ms: 300_000 }, lost),
  ...each('dropped after the effect', all, { kind: 'drop', when: 'after' }, lost),
  ...each('cut short', both, { kind: 'truncate', framing: 'short' }, lost),
  ...each('cut short, well framed', all, { kind: 'truncate', framing: 'complete' }, lost),
  ...each('reset after the effect', both, { kind: 'reset', when: 'after' }, lost),
  ...each('500 after the effect', all, error('ServiceException', 500, 'after'), lost),
  ...each('500 before the effect', both, error('ServiceException', 500, 'before'), () => repeated),
  ...each('dropped before the effect', both, { kind: 'drop', when: 'before' }, () => repeated),
  ...each(
    '500 before the effect, always',
    both,
    { ...error('ServiceException', 500, 'before'), times: 'always' },
    () => ({
      apply: 1,
      creates: 3,
      keysLeft: 0,
      plan: 2,
      keysInTheEnd: 1,
      says: 'got no answer 3 times',
    }),
  ),
  ...each('throttled 3 times', both, { ...error('ThrottlingException', 400, 'before'), times: 3 }, () => ({
    ...repeated,
    creates: 4,
  })),
  ...each(
    'throttled always, then Ctrl-C',
    both,
    { ...error('ThrottlingException', 400, 'before'), times: 'always' },
    () => ({ apply: 1, creates: 3, keysLeft: 0, plan: 2, keysInTheEnd: 1, says: 'No key was made' }),
    {
      meddle: (point, { operation }, { calls, interrupt }) => {
        if (point === 'answered' && operation === CREATE && calls === 3) interrupt();
      },
    },
  ),
  ...each('S3 never accepts the key', both, notAccepted, () => rolledBack, {
    arguments: 'verify_timeout_seconds = 1',
  }),
  ...each('Ctrl-C while S3 does not accept the key', both, notAccepted, () => rolledBack, {
    meddle: (point, { operation }, { calls, interrupt }) => {
      if (point === 'answered' && operation === 'ListObjectsV2' && calls === 1) interrupt();
    },
  }),
  { what: 'the destination refuses', route: 'file', exclusive: false, meddle, expected: rolledBack },
  {
    what: 'the destination refuses, and so does the deletion',
    route: 'file',
    exclusive: false,
    faults: [deleteFails],
    meddle,
    expected: {
      apply: 1,
      creates: 1,
      keysLeft: 1,
      tainted: true,
      plan: 2,
      keysInTheEnd: 1,
      says: 'could not be deleted',
    },
  },
];

describe('An answer that does not come, or comes broken, under a real Terraform', () => {
  const rows = new Map<Told, Row | Error>();
  let template: Terraform;

  beforeAll(async () => {
    template = await initialized();
    const waiting = [...stories];
    // Those that mostly wait do not count.
    const asleep = waiting.splice(0, 2).map(run);
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let story = waiting.shift(); story; story = waiting.shift()) await run(story);
    });
    await Promise.all([...workers, ...asleep]);
    print();
  });
  afterAll(() => template.cleanup());

  async function run(story: Told): Promise<void> {
    rows.set(story, await tell(story, template.folder).catch((error: unknown) => error as Error));
  }

  function print(): void {
    const lines = [...rows].map(([{ what, route, exclusive }, row]) => {
      if (!('apply' in row)) return `${what}: ${row.message}`;
      const { apply, creates, keysLeft, named, tainted, plan, planNames, next, keysInTheEnd } = row;
      const first = `${what} | ${route} | ${exclusive ? 'exclusive' : '-'} | exit ${apply.code} | ${creates} | ${keysLeft}${tainted ? ' (tainted)' : ''}`;
      return `${first} | ${named ? 'yes' : 'NO'} | exit ${plan.code}${planNames ? ', named' : ''} | exit ${next.code} | ${keysInTheEnd}`;
    });
    const head =
      'fault | route | exclusive | apply | creates | keys left | message names bucket and key | plan | next apply | keys';
    process.stdout.write(`\n${[head, ...lines].join('\n')}\n`);
  }

  it.each(
    stories.map(
      (story) => [`${story.what}, ${story.route}${story.exclusive ? ', exclusive' : ''}`, story] as const,
    ),
  )('%s', (_title, story) => {
    const row = rows.get(story);
    if (!row || !('apply' in row)) throw row ?? new Error('The story was not told.');
    const { says, ...numbers } = story.expected;
    expect({
      apply: row.apply.code,
      creates: row.creates,
      keysLeft: row.keysLeft,
      ...(row.tainted && { tainted: true }),
      plan: row.plan.code,
      keysInTheEnd: row.keysInTheEnd,
      said: says === undefined || row.said.includes(says) ? '' : row.said,
    }).toEqual({ ...numbers, said: '' });
    // A key that the apply has left is in the state, or named by its message and by the next plan.
    if (row.apply.code === 1) expect(row).toMatchObject({ named: true, planNames: true });
    expect({ code: row.next.code, inUse: row.inUse }).toEqual({ code: 0, inUse: true });
  });
});
