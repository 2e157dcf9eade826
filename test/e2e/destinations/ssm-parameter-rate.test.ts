import { Emulator } from '../../../src/emulator/index.js';
import { FaultLane, forwardTo } from '../../support/fault-lane.js';
import { startMoto } from '../../support/moto.js';
import { LimitedPuts } from '../../support/ssm/limited-puts.js';
import { actionOf } from '../../support/ssm/strict-ssm.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

/** More take minutes: SSM_RATE_KEYS=60. */
const COUNT = Number(process.env.SSM_RATE_KEYS ?? 20);
const PUTS_A_SECOND = 3;

test(
  `${COUNT} keys of one apply are made once each, and all delivered, where Parameter Store takes ${PUTS_A_SECOND} writes a second`,
  async () => {
    const buckets = Array.from({ length: COUNT }, (_, index) => `bucket-${index}`);
    const [emulator, moto] = await Promise.all([Emulator.start({ buckets }), startMoto()]);
    const limited = new LimitedPuts(forwardTo(moto.url), PUTS_A_SECOND);
    const lane = await FaultLane.open(limited.handle, actionOf);
    const key = `
  count       = ${COUNT}
  bucket_name = "bucket-\${count.index}"
  secret {
    ssm_parameter { name = "/app/key-\${count.index}" }
  }
  verify      = false`;
    const provider = `endpoints {\n    ssm = "${lane.url}"\n  }`;
    const terraform = await Terraform.create({
      files: { 'main.tf': stack({ provider, key }) },
      env: { ...emulator.env, TF_LOG_PROVIDER: 'info' },
    });
    try {
      await terraform.succeeds('init');
      const { stderr } = await terraform.succeeds('apply', '-auto-approve', '-no-color');
      const calls = (operation: string) => emulator.log.filter((call) => call.operation === operation).length;
      expect(calls('CreateBucketAccessKey')).toBe(COUNT);
      expect(calls('DeleteBucketAccessKey')).toBe(0);
      expect(limited.throttled).toBeGreaterThan(0);
      expect(stderr).toContain('Parameter Store takes no more calls at once, and is waited for');
      // Intent, key, pending pair, pair and mark; the confirmation has only the end of the process.
      expect(limited.taken).toBeLessThanOrEqual(6 * COUNT);
      const looks = lane.calls.filter((call) => call.startsWith('DescribeParameters'));
      // Four of each key; one more where the turn of the next call took its time.
      expect(looks.length).toBeLessThanOrEqual(5 * COUNT);
    } finally {
      await terraform.cleanup();
      await Promise.all([lane.close(), emulator.close()]);
      await moto.stop();
    }
  },
  COUNT * 60_000,
);
