import type { Fault as AwsFault } from '../../src/emulator/index.js';
import { Bench, BUCKET } from '../support/destinations/bench.js';
import type { Store } from '../support/destinations/store.js';
import type { Fault } from '../support/fault-lane.js';
import type { Pair } from '../support/s3-consumer.js';
import type { Said } from '../support/stack.js';

/** ODD_SHARE=37: each 37th, for a pipeline that has no hour. There are eight for each call, so an odd number meets all kinds. */
const SHARE = Number(process.env.ODD_SHARE ?? '1');

const PORTAL = '<html><body><h1>Sign in to the network</h1></body></html>';
const JSON_OF_AWS = { 'content-type': 'application/x-amz-json-1.1' };
const EXPIRED = {
  type: 'ExpiredTokenException',
  status: 400,
  message: 'The security token included in the request is expired',
};

interface Oddity {
  readonly name: string;
  readonly store: Fault;
  readonly aws: AwsFault;
  /** From that call on, and not at that call alone. */
  readonly lasts?: true;
}

/** What the service, or something on the way to it, says once in place of its answer. */
const ODDITIES: readonly Oddity[] = [
  ...['', '{}', 'null', PORTAL].map((body) => ({
    name: `${body.slice(0, 6) || 'nothing'}, though it is done`,
    store: { answeredBy: { status: 200, headers: JSON_OF_AWS, body } },
    aws: { kind: 'body', body } as const,
  })),
  {
    name: 'a page of a portal, and nothing is done',
    store: { status: 200, headers: { 'content-type': 'text/html' }, body: PORTAL },
    aws: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: PORTAL },
  },
  {
    name: 'a page of a gateway, though it is done',
    store: { answeredBy: { status: 502, headers: { 'content-type': 'text/html' }, body: PORTAL } },
    aws: { kind: 'error', when: 'after', type: 'BadGateway', status: 502 },
  },
  { name: 'no answer, though it is done', store: { drop: 'after' }, aws: { kind: 'drop', when: 'after' } },
  {
    name: 'that the credentials have expired, from then on',
    store: ({ headers }) =>
      'x-vault-token' in headers
        ? { status: 403, body: '{"errors":["permission denied"]}' }
        : {
            status: EXPIRED.status,
            headers: JSON_OF_AWS,
            body: JSON.stringify({ __type: EXPIRED.type, message: EXPIRED.message }),
          },
    aws: { kind: 'error', when: 'before', ...EXPIRED },
    lasts: true,
  },
];

type Act = 'create' | 'rotate' | 'destroy';

/** One call of a run, and what is said in place of its answer. */
interface Point {
  readonly at: 'store' | 'aws';
  readonly nth: number;
  readonly oddity: Oddity;
  readonly name: string;
}

describe('Whatever a store or AWS says once in place of an answer, no key is lost and the next run goes on', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());

  describe.each(['Secrets Manager', 'SSM', 'Vault'] as const)('%s', (name) => {
    it.each<Act>(['create', 'rotate', 'destroy'])('%s', async (act) => {
      const store = { 'Secrets Manager': bench.secretsManager, SSM: bench.parameters, Vault: bench.vault }[
        name
      ];
      const points = (await pointsOf(store, act)).filter((_, index) => index % SHARE === 0);
      const complaints: string[] = [];
      for (const point of points) complaints.push(...(await complaintsOf(store, act, point)));
      process.stdout.write(`${name}, ${act}: ${points.length} odd answers\n`);
      expect(complaints).toEqual([]);
    });
  });

  async function pointsOf(store: Store, act: Act): Promise<readonly Point[]> {
    const { run } = await prepare(store, act);
    const [calls, requests] = [store.lane.calls.length, bench.emulator.log.length];
    const dry = await run();
    if (dry.code !== 0) throw new Error(dry.said);
    const ofStore = store.lane.calls.slice(calls).map((call, nth) => ({ at: 'store' as const, nth, call }));
    const ofAws = bench.emulator.log
      .slice(requests)
      .map(({ operation }, nth) => ({ at: 'aws' as const, nth, call: operation }));
    return [...ofStore, ...ofAws].flatMap(({ at, nth, call }) =>
      ODDITIES.map((oddity) => ({
        at,
        nth,
        oddity,
        name: `${call.split(' ')[0] ?? ''} ${nth}: ${oddity.name}`,
      })),
    );
  }

  /** A new place; for all but `create` with a key that is delivered there. */
  async function prepare(store: Store, act: Act) {
    await bench.begin();
    const place = await store.newPlace();
    const route = store.route(place);
    const version = (number: number) =>
      `rotation {\noverlap_hours = 0\nkeepers = { version = "${number}" }\n}`;
    if (act !== 'create') await bench.apply(route, version(1));
    await bench.configure(route, version(act === 'rotate' ? 2 : 1));
    return { place, run: () => bench.run(act === 'destroy' ? 'destroy' : 'apply', '-auto-approve') };
  }

  async function complaintsOf(store: Store, act: Act, { at, nth, oddity, name }: Point): Promise<string[]> {
    const { place, run } = await prepare(store, act);
    const runs: Said[] = [];
    const complaints: string[] = [];
    const complain = (what: string) => {
      const said = runs.map(({ code, said }) => `--- exit ${code}\n${said}`);
      complaints.push([`${name}: ${what}`, ...said].join('\n'));
    };
    const reported = (id: string) => runs.some(({ said }) => said.includes(id));

    if (at === 'store') store.lane.planNth(nth, oddity.store, oddity.lasts ? Infinity : 1);
    else bench.emulator.faults.add({ ...oddity.aws, nth: nth + 1, times: oddity.lasts ? 'always' : 1 });
    const struck = await run();
    runs.push(struck);
    store.lane.clear();
    bench.emulator.faults.clear();
    if (/TypeError|Cannot read|is not a function|bug|undefined|\[object/i.test(struck.said))
      complain('a raw error');
    if (struck.code === 0) await judge(act);

    let next = await run();
    runs.push(next);
    const named = /delete-bucket-access-key[^\n]*--access-key-id (AKIA\w+)/.exec(next.said)?.[1];
    if (next.code !== 0 && named !== undefined) {
      // The key of a create whose answer was lost takes the slot: its user does what the message says.
      bench.emulator.deleteKey(BUCKET, named);
      next = await run();
      runs.push(next);
    }
    if (next.code !== 0) complain('the next run fails');
    await judge(act);
    if (act !== 'destroy') {
      const plan = await bench.plan();
      runs.push(plan);
      if (plan.code !== 0) complain(`a plan after it exits with ${plan.code}`);
      runs.push(await bench.run('destroy', '-auto-approve'));
      await judge('destroy');
    }
    return complaints;

    async function judge(done: Act): Promise<void> {
      const pair = await consumed(store, place);
      if (done === 'destroy' && pair) complain('a pair is left');
      if (done !== 'destroy' && !(pair && (await bench.works(pair)))) complain('there is no working pair');
      const living = bench.keyIds.filter((id) => done === 'destroy' || id !== pair?.accessKeyId);
      for (const id of living) if (!reported(id)) complain(`nobody has reported ${id}`);
    }
  }

  async function consumed(store: Store, place: string): Promise<Pair | null> {
    const found = JSON.parse((await store.consumed(place)) ?? 'null') as Partial<Pair> | null;
    const { accessKeyId, secretAccessKey } = found ?? {};
    return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null;
  }
});
