import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { AwsKeys } from '../../support/drift/aws-keys.js';
import { publish, surroundings } from '../../support/reliability/report.js';
import { markdownTable } from '../../support/reliability/table.js';
import { readManifest } from '../../support/provider-build.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';

/** What a case may do to a stack that has been applied. */
interface Damaged {
  readonly emulator: Emulator;
  readonly bucket: string;
  /** ID of the stack's key. */
  readonly id: string;
  /** Of the secret's file. */
  readonly file: string;
}

interface Drift {
  readonly what: string;
  readonly damage: (of: Damaged) => Promise<void> | void;
  /** Exit status of `plan -detailed-exitcode`. */
  readonly code: 0 | 1 | 2;
  readonly says: (of: Damaged) => string;
  /** What the state says after the apply that repairs; the key is another one unless it says so. */
  readonly after: string;
  readonly keepsKey?: true;
  /** Nothing that hashicorp/aws knows of: it has the secret in its state. */
  readonly isOurs?: true;
  /** A stack with an audit beside the key. */
  readonly isAudited?: true;
}

const putInFile = (file: string, change: (text: string) => string) => {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

const CASES: readonly Drift[] = [
  {
    what: 'key deleted',
    damage: ({ emulator, bucket, id }) => {
      emulator.deleteKey(bucket, id);
    },
    code: 2,
    says: ({ id, bucket }) => `Key ${id} of bucket ${bucket} does not exist any more`,
    after: 'a new key, delivered',
  },
  {
    what: 'key set Inactive',
    damage: ({ emulator, bucket, id }) => {
      emulator.setStatus(bucket, id, 'Inactive');
    },
    code: 2,
    says: ({ id, bucket }) => `Key ${id} of bucket ${bucket} is Inactive`,
    after: 'a new key, delivered; the Inactive one is deleted',
  },
  {
    what: 'bucket deleted and made again',
    damage: ({ emulator, bucket }) => {
      emulator.deleteBucket(bucket);
      emulator.createBucket(bucket);
    },
    code: 2,
    says: ({ id, bucket }) => `Key ${id} of bucket ${bucket} does not exist any more`,
    after: 'a new key, delivered',
  },
  {
    what: 'secret deleted at its destination',
    damage: ({ file }) => {
      rmSync(file);
    },
    code: 2,
    says: ({ id, bucket }) => `The secret of key ${id} of bucket ${bucket} is no longer at file key.json`,
    after: 'a new key, delivered; the old one valid for the overlap',
    isOurs: true,
  },
  {
    what: 'secret altered at its destination',
    damage: ({ file }) => {
      putInFile(file, (text) => text.replace(/("secretAccessKey": ?")./, '$1#'));
    },
    code: 2,
    says: () => 'Its pair is there, but with another secret than was delivered',
    after: 'a new key, delivered; the old one valid for the overlap',
    isOurs: true,
  },
  {
    what: 'another value put in its place',
    damage: ({ file }) => {
      putInFile(file, () => 'somebody else’s\n');
    },
    code: 2,
    says: () => 'holds a value that this provider did not write',
    after: 'a new key, delivered; the value is kept beside it, the old key valid for the overlap',
    isOurs: true,
  },
  {
    what: 'a stranger’s second key, nothing planned',
    damage: ({ emulator, bucket }) => {
      emulator.makeStrangerKey(bucket);
    },
    code: 0,
    says: () => 'No changes',
    after: 'nothing to repair: the audit’s work',
    keepsKey: true,
  },
  {
    what: 'the same, with an audit in the stack',
    damage: ({ emulator, bucket }) => {
      emulator.makeStrangerKey(bucket);
    },
    code: 1,
    says: ({ bucket }) => `Bucket ${bucket} holds a key that no resource declares`,
    after: 'the plan fails until somebody has decided',
    keepsKey: true,
    isOurs: true,
    isAudited: true,
  },
  {
    what: 'key unused, destination and bucket as they were',
    damage: ({ emulator }) => {
      emulator.clock.advance(10 * 60_000);
    },
    code: 0,
    says: () => 'No changes',
    after: 'nothing to repair',
    keepsKey: true,
  },
];

const AUDIT = `resource "lightsail_bucket_access_key_audit" "audit" {
  bucket_name            = "uploads"
  managed_access_key_ids = [${KEY}.access_key_id]
  lifecycle {
    postcondition {
      condition     = self.passed
      error_message = self.finding
    }
  }
}`;

const firstLine = (text: string) => text.split('. ')[0] ?? text;

describe('Drift', () => {
  const rows: string[][] = [];
  let aws: ReadonlyMap<string, string> = new Map();

  beforeAll(async () => {
    const theirs = CASES.filter(({ isOurs }) => !isOurs);
    aws = await AwsKeys.planAfter(
      theirs.map(({ what, damage }) => ({
        what,
        damage: (of) => damage({ ...of, file: '' }),
      })),
    );
  });

  afterAll(() => {
    const head = ['what happened', 'plan exits', 'and says', 'after the next apply', 'hashicorp/aws 5.100.0'];
    publish(
      'drift.md',
      `# Drift

What \`terraform plan -detailed-exitcode\` and the apply after it make of what happens outside of Terraform, with a key
delivered to a file; in the last column the plan of \`aws_lightsail_bucket_access_key\` after the same. Written by
\`RELIABILITY_UPDATE=1 npm run test:rotation\` on ${surroundings(readManifest().version)}.

${markdownTable(head, rows)}
`,
    );
  });

  it.each(CASES)('$what: the plan says so, and the next apply repairs it', async (drift) => {
    const emulator = await Emulator.start();
    const terraform = await Terraform.create({ env: emulator.env });
    try {
      emulator.createBucket('uploads');
      const key = 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }';
      await terraform.write('main.tf', stack({ key, ...(drift.isAudited && { more: AUDIT }) }));
      await terraform.succeeds('init');
      await terraform.succeeds('apply', '-auto-approve');
      const [first] = emulator.keys('uploads');
      const id = first?.accessKeyId ?? '';
      const of = { emulator, bucket: 'uploads', id, file: join(terraform.folder, 'key.json') };
      await drift.damage(of);

      const { code, stdout, stderr } = await terraform.plan('-detailed-exitcode');
      const said = unwrap(stdout + stderr);
      expect(said).toContain(drift.says(of));
      expect(code).toBe(drift.code);
      rows.push([
        drift.what,
        String(code),
        firstLine(drift.says({ ...of, id: 'AKIA…' })),
        drift.after,
        aws.get(drift.what) ?? 'n/a',
      ]);

      if (drift.code === 1) return;
      await terraform.succeeds('apply', '-auto-approve');
      const state = (await terraform.resource(KEY))?.values ?? {};
      expect(state.status).toBe('Active');
      expect(state.access_key_id === id).toBe(drift.keepsKey === true);
      expect(JSON.parse(readFileSync(of.file, 'utf8'))).toMatchObject({ accessKeyId: state.access_key_id });
      expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    } finally {
      await terraform.cleanup();
      await emulator.close();
    }
  });

  it('a bucket that is gone is told, and its key is planned anew', async () => {
    const emulator = await Emulator.start();
    const terraform = await Terraform.create({ env: emulator.env });
    try {
      emulator.createBucket('uploads');
      await terraform.write(
        'main.tf',
        stack({ key: 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }' }),
      );
      await terraform.succeeds('init');
      await terraform.succeeds('apply', '-auto-approve');
      emulator.deleteBucket('uploads');
      const { code, stdout, stderr } = await terraform.plan('-detailed-exitcode');
      expect(unwrap(stdout + stderr)).toMatch(/Bucket uploads of key \w+ does not exist any more/);
      expect(code).toBe(2);
      const failed = await terraform.apply();
      expect(failed.code).toBe(1);
      expect(unwrap(failed.stderr)).toContain('There is no Lightsail bucket uploads');
      rows.push([
        'bucket deleted',
        String(code),
        'Bucket uploads of key AKIA… does not exist any more',
        'fails until there is a bucket again, and says so',
        aws.get('bucket deleted') ?? 'n/a',
      ]);
    } finally {
      await terraform.cleanup();
      await emulator.close();
    }
  });
});
