import { createHash } from 'node:crypto';
import { FORMATS } from '../../../src/contract/limits.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';
import { Bench } from '../../support/destinations/bench.js';
import { deferred, opened } from '../../support/engine-words.js';
import type { Store } from '../../support/destinations/store.js';
import { VaultStore } from '../../support/destinations/vault-store.js';
import { OWNER } from '../../support/iam/iam.js';

const PAIR = 'ephemeral.lightsail_bucket_access_key_secret.pair';

describe.each(['secretsManager', 'parameters', 'vault'] as const)('From the store %s', (which) => {
  let bench: Bench;
  let store: Store;
  beforeAll(async () => {
    bench = await Bench.open();
    store = bench[which];
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  /** Somebody who may read it, with a postcondition that holds for one secret alone. */
  function reader(secret: string, expected?: string): string {
    const hash = createHash('sha256')
      .update(expected ?? '')
      .digest('hex');
    const condition =
      expected === undefined ? 'self.access_key_id != ""' : `sha256(self.secret_access_key) == "${hash}"`;
    return `}
provider "lightsail" {
  alias      = "reader"
  access_key = "${OWNER.accessKeyId}"
  secret_key = "${OWNER.secretAccessKey}"
  endpoints {
    secretsmanager = "${bench.secretsManager.url}"
    ssm            = "${bench.parameters.url}"
    vault          = "${bench.vault.url}"
  }
}
ephemeral "lightsail_bucket_access_key_secret" "pair" {
  provider = lightsail.reader
  secret {
    ${secret}
  }
  lifecycle {
    postcondition {
      condition     = ${condition}
      error_message = "Another secret was read."
    }
  }`;
  }

  /** The place as the key's attribute tells it, which is known when the key is there. */
  function waiting(place: string): string {
    const reference = 'lightsail_bucket_access_key.key.secret_reference';
    const above = store instanceof VaultStore ? `${store.workbench.mount}/` : '';
    return store.route(place).replace(`"${place}"`, `trimprefix(${reference}, "${above}")`);
  }

  it.each(FORMATS)('a pair in the format %s is read back, and is written down nowhere', async (format) => {
    Object.assign(bench.terraform.env, { TF_LOG: 'TRACE', TF_LOG_PATH: 'trace.log' });
    try {
      const place = await store.newPlace();
      const first = await bench.apply(store.route(place, format), reader(waiting(place)));
      expect(first.said).toMatch(deferred(PAIR));
      const { secretAccessKey } = bench.onlyKey;
      await bench.configure(store.route(place, format), reader(store.route(place), secretAccessKey));
      const plan = await bench.plan('-out=same.tfplan');
      expect(plan).toMatchObject({ code: 0, said: expect.stringMatching(opened(PAIR)) as string });
      const exhibits = exhibitsIn(bench.terraform.folder);
      expect(exhibits.get('trace.log')?.includes('OpenEphemeralResource')).toBe(true);
      expect(removalContexts([secretAccessKey], exhibits)).toEqual([]);
    } finally {
      delete bench.terraform.env.TF_LOG;
      delete bench.terraform.env.TF_LOG_PATH;
    }
  });
});

describe('Who may only make keys', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  it.each(['secretsManager', 'parameters'] as const)(
    'cannot read them from %s, and is told the right',
    async (which) => {
      const store = bench[which];
      const place = await store.newPlace();
      await bench.apply(store.route(place));
      const more = `}\nephemeral "lightsail_bucket_access_key_secret" "pair" {\n  secret {\n    ${store.route(place)}\n  }`;
      await bench.configure(store.route(place), more);
      const { code, said } = await bench.plan();
      expect(code).toBe(1);
      expect(said).toContain(`The pair in ${store.title(place)} cannot be read`);
      expect(said).toMatch(/Allow (secretsmanager:GetSecretValue|ssm:GetParameter) on that/);
    },
  );
});
