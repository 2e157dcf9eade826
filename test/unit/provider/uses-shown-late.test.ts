import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { useOnS3 } from '../../support/s3-consumer.js';
import { Instance } from '../../support/terraform-core/together.js';
import { BUCKET, configOf, rotation, toFile } from './behaviour/arguments.js';
import { processBeside } from './behaviour/provider-config.js';
import type { ProviderProcess } from './behaviour/provider-process.js';

const CALLER = {
  accessKeyId: 'AKIARTXV5AHDQAAAAAAA',
  secretAccessKey: 'one/of+the+accounts/secrets000000000000',
};
const HOUR = 3_600_000;

let folder: string;
let emulator: Emulator;
let resource: Instance<ProviderProcess>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'uses-shown-late-'));
  emulator = await Emulator.start({ buckets: [BUCKET], credentials: [CALLER], operationMs: 0 });
  resource = new Instance();
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const provider = () => processBeside(emulator, CALLER);

/** The warnings of a plan with this rotation, which is then applied. */
async function apply(given: Parameters<typeof rotation>[0] | null): Promise<string> {
  const secret = toFile(join(folder, 'key.json'));
  const config = configOf({ secret, verify: true, rotation: given && rotation(given) });
  const planning = provider();
  for (const step of resource.steps(planning, { config })) await step();
  await planning.end();
  const said = resource.said.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n');
  const applying = provider();
  expect((await resource.apply(applying)).failed).toBe(false);
  await applying.end();
  return said;
}

const TOO_SHORT = 'is shorter than AWS may take to show that a key is in use';

describe('An overlap that ends before AWS shows a use', () => {
  it.each([1, 4])('of %i h is warned of once, when it is set', async (overlap_hours) => {
    expect(await apply({ overlap_hours })).toContain(TOO_SHORT);
    expect(await apply({ overlap_hours })).not.toContain(TOO_SHORT);
  });

  it('is warned of when the rotation of a living key is changed', async () => {
    expect(await apply(null)).not.toContain(TOO_SHORT);
    expect(await apply({ after_days: 30, overlap_hours: 2 })).toContain(
      `rotation.overlap_hours = 2 of bucket ${BUCKET} ${TOO_SHORT}`,
    );
    expect(await apply({ after_days: 60, overlap_hours: 2 })).toContain(TOO_SHORT);
  });

  it.each([0, 5, 24])('of %i h it is none', async (overlap_hours) => {
    expect(await apply({ overlap_hours })).not.toContain(TOO_SHORT);
  });
});

describe('A key that goes an hour after it was made', () => {
  const retire = () => apply({ keepers: { is: 'new' }, overlap_hours: 0 });

  it('was not used, where this provider alone has tried it', async () => {
    await apply(null);
    await apply({ keepers: { is: 'new' } });
    expect(emulator.keys(BUCKET).every(({ lastUsed }) => lastUsed !== undefined)).toBe(true);
    expect(await retire()).toContain('No use of it was seen.');
  });

  it('was used, where somebody else has', async () => {
    await apply(null);
    await apply({ keepers: { is: 'new' } });
    const [old] = emulator.keys(BUCKET);
    if (old) await useOnS3(emulator, BUCKET, old);
    emulator.age(HOUR);
    expect(await retire()).toMatch(/It was used \S+ by s3 in \S+: S3 will refuse that consumer/);
  });
});
