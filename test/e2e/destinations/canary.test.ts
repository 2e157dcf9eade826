import { CommandStore } from '../../support/destinations/command-store.js';
import { ParameterStore } from '../../support/destinations/parameter-store.js';
import { SecretsManagerStore } from '../../support/destinations/secrets-manager-store.js';
import type { Store } from '../../support/destinations/store.js';
import { VaultStore } from '../../support/destinations/vault-store.js';
import type { Exchange, Reply } from '../../support/fault-lane.js';
import { Iam } from '../../support/iam/iam.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { builtEdition, type Edition, mutatedEdition } from '../../support/reliability/edition.js';
import { LEAKY, type Leak, placesOfLeak } from '../canary/leaks.js';
import { expectNoLeak } from '../canary/life.js';
import { removalContexts } from '../canary/scan.js';
import { WatchedRun } from '../canary/watched-run.js';

const FORMATS = ['sdk', 'env', 'credential_process', 'ini'] as const;
const MEMBERS = ['secrets_manager', 'ssm_parameter', 'vault_kv', 'command'] as const;
type Member = (typeof MEMBERS)[number];

/** What the scan needs of a store. */
type Watched = Pick<Store, 'lane' | 'newPlace' | 'route' | 'consumed' | 'close'>;

/** The calls that write a pair, and a refusal as the store words it, which quotes all that it was sent. */
const WRITES: Readonly<Record<Member, { readonly calls: readonly RegExp[]; readonly refuse: Refuse }>> = {
  secrets_manager: {
    calls: [/^PutSecretValue LIGHTSAIL_PENDING/, /^UpdateSecretVersionStage AWSCURRENT/],
    refuse: ofAws('InvalidParameterException'),
  },
  ssm_parameter: {
    calls: [/^PutParameter .*\.lightsail-pending-/, /^PutParameter .*\/uploads$/],
    refuse: ofAws('ValidationException'),
  },
  vault_kv: {
    calls: [/^POST .*\.lightsail-pending$/, /^POST .*\/data\/.*\/uploads$/],
    refuse: ({ body }) => ({ status: 400, body: JSON.stringify({ errors: [`cannot take ${body}`] }) }),
  },
  command: { calls: [/^write$/], refuse: ({ body }) => ({ status: 422, body: `cannot take ${body}` }) },
};
type Refuse = (exchange: Exchange) => Reply;

function ofAws(__type: string): Refuse {
  return ({ body }) => ({
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type, message: `The value ${body} is not one that is taken.` }),
  });
}

/** An answer that is none, with all that was sent in it. */
const garble: Refuse = ({ body }) => ({ status: 200, body: `<html>${body}</html>` });

let moto: Moto;
let stores: Readonly<Record<Member, Watched>>;
let env: Readonly<Record<string, string>>;
let token: string;
beforeAll(async () => {
  moto = await startMoto();
  const iam = new Iam('us-east-1');
  const vault = await VaultStore.open();
  stores = {
    secrets_manager: await SecretsManagerStore.open(moto.url, iam.region, iam),
    ssm_parameter: await ParameterStore.open(moto.url, iam.region, iam),
    vault_kv: vault,
    command: await CommandStore.open(),
  };
  token = vault.token;
  env = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stores.secrets_manager.lane.url,
    AWS_ENDPOINT_URL_SSM: stores.ssm_parameter.lane.url,
    VAULT_ADDR: vault.url,
    VAULT_TOKEN: token,
  };
});
afterAll(async () => {
  await Promise.all(Object.values(stores).map((store) => store.close()));
  await moto.stop();
});

describe('The secret that goes to', () => {
  let edition: Edition;
  beforeAll(() => {
    edition = builtEdition();
  });
  afterAll(() => {
    edition.remove();
  });

  it.each(MEMBERS)('%s is nowhere else, whatever the store answers', async (member) => {
    const store = stores[member];
    const place = await store.newPlace();
    const { calls, refuse } = WRITES[member];
    // A program's answer is its exit status alone.
    const answers = member === 'command' ? [refuse] : [refuse, garble];
    const refusals = calls.flatMap((call) => answers.map((answer) => () => plan(store, call, answer)));
    const run = await WatchedRun.begin(edition, env);
    try {
      await expectNoLeak(run, {
        secrets: FORMATS.map((format) => store.route(place, format)),
        refusals,
        consumed: () => store.consumed(place),
      });
      // Nor is the token of Vault, but where its owner has put it.
      expect(removalContexts([token], run.exhibits()).filter((at) => !at.endsWith('(environment)'))).toEqual(
        [],
      );
    } finally {
      await run.end();
    }
  });
});

/** Answers how to end it; a refusal that was never given would show nothing. */
function plan({ lane }: Watched, call: RegExp, answer: Refuse): () => void {
  let given = 0;
  lane.plan(call, (exchange) => {
    given += 1;
    return answer(exchange);
  });
  return () => {
    lane.clear();
    if (given === 0) throw new Error(`There was no ${String(call)} to refuse.`);
  };
}

describe('A leak is found:', () => {
  let leaky: Edition;
  beforeAll(() => {
    leaky = mutatedEdition(LEAKY);
  });
  afterAll(() => {
    leaky.remove();
  });

  it.each<[member: Member, leak: Leak]>([
    ['secrets_manager', 'log'],
    ['secrets_manager', 'message'],
    ['ssm_parameter', 'state'],
    ['ssm_parameter', 'temporary file'],
    ['vault_kv', 'environment'],
    ['vault_kv', 'state'],
    ['command', 'arguments'],
    ['command', 'message'],
  ])('%s, into the %s', async (member, leak) => {
    const store = stores[member];
    // Arguments and environment are looked at from outside, again and again: a busy machine can miss a program that is short.
    let found: readonly string[] = [];
    for (let attempt = 1; attempt <= 3 && found.length === 0; attempt += 1) {
      found = await placesOfLeak(leaky, leak, store.route(await store.newPlace()), env);
    }
    expect(found).not.toEqual([]);
  });
});
