import { join } from 'node:path';
import { auditDocument } from '../../src/command/policy/document.js';
import { Emulator, type EmulatorOptions, TEST_CREDENTIALS } from '../../src/emulator/index.js';
import { type Outcome, run } from './command.js';
import { Iam } from './iam/iam.js';
import { repository } from './provider-build.js';

export const command = join(repository, 'dist/lib/command/main.js');

/** As far as tests read it. */
export interface AuditJson {
  readonly verdict: string;
  readonly asOf: string | null;
  readonly regions: readonly {
    readonly region: string;
    readonly accounts: readonly string[];
    readonly buckets: number;
    readonly unreadable: string | null;
  }[];
  readonly states:
    readonly { readonly state: string; readonly keys: number; readonly note: string | null }[] | null;
  readonly buckets: readonly {
    readonly bucket: string;
    readonly region: string;
    readonly outcome: string;
    readonly reason: string | null;
    readonly keys: readonly {
      readonly accessKeyId: string | null;
      readonly status: string | null;
      readonly ageDays: number | null;
      readonly managedBy: readonly { readonly address: string; readonly state: string }[];
      readonly findings: readonly { readonly check: string; readonly message: string }[];
    }[];
  }[];
  readonly notFound: readonly string[];
  readonly notJudged: readonly { readonly bucket: string; readonly reason: string }[];
}

/** Who runs the audit: somebody else than who runs Terraform, with fewer rights. */
const AUDITOR = { accessKeyId: 'AKIAAUDITORAUDITOR00', secretAccessKey: 'auditor' };

/** An emulator that lets the audit do what `lightsail-access-key policy --for audit` gives, and nothing else. */
export function startAudited(options: EmulatorOptions = {}): Promise<Emulator> {
  const region = options.region ?? 'us-east-1';
  const [auditor, operator] = [new Iam(region), new Iam(region)];
  auditor.attach(auditDocument());
  operator.grant('--destination', 'file');
  return Emulator.start({
    authorize: (call) => (call.accessKeyId === AUDITOR.accessKeyId ? auditor : operator).authorize(call),
    credentials: [TEST_CREDENTIALS, AUDITOR],
    ...options,
  });
}

/** The environment in which the auditor reaches the emulator. */
export function auditorOf({ env }: Pick<Emulator, 'env'>): {
  readonly env: Readonly<Record<string, string>>;
} {
  const { accessKeyId, secretAccessKey } = AUDITOR;
  return { env: { ...env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } };
}

/** Nothing of the machine's environment gets to the command, no credentials either. */
export function auditEnvironment(
  folder: string,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env };
}

/** The built command, in a folder, with the emulator's environment. */
export function audit(folder: string, emulator: Pick<Emulator, 'env'>, ...args: string[]): Promise<Outcome> {
  return run(command, ['audit', ...args], { cwd: folder, env: auditEnvironment(folder, emulator.env) });
}

/** What the command says as JSON, with its exit status. */
export async function auditJson(
  folder: string,
  emulator: Pick<Emulator, 'env'>,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly report: AuditJson; readonly stderr: string }> {
  const { code, stdout, stderr } = await audit(folder, emulator, '--format', 'json', ...args);
  try {
    return { code, report: JSON.parse(stdout) as AuditJson, stderr };
  } catch {
    throw new Error(`The audit ended with ${code ?? 'a signal'} and said no JSON:\n${stdout}\n${stderr}`);
  }
}

/** What is on standard error besides the progress, which is told of an audit that takes more than a second. */
export function besidesProgress(stderr: string): string {
  return stderr.replace(/^\d+ of (at least )?\d+ buckets\n/gm, '');
}

/** `bucket key check`, for each finding. */
export function found({ buckets }: AuditJson): readonly string[] {
  return buckets.flatMap(({ bucket, keys }) =>
    keys.flatMap(({ accessKeyId, findings }) =>
      findings.map(({ check }) => `${bucket} ${accessKeyId ?? '-'} ${check}`),
    ),
  );
}
