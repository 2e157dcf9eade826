import { parsePolicyArguments } from '../../../src/command/policy/arguments.js';
import { type PolicyDocument, policyDocument } from '../../../src/command/policy/document.js';
import type { LightsailCall } from '../../../src/emulator/index.js';
import { type Ask, allows } from './evaluate.js';

/** Who makes the provider's calls where the stand-ins tell it from others. */
export const OPERATOR = { accessKeyId: 'AKIAOPERATOROPERATOR', secretAccessKey: 'operator' };

/** The account of the emulator and of moto. */
export const ACCOUNT = '123456789012';

/** Whoever is neither the provider nor a consumer of a policy: what the tests themselves set up and look at. */
export const OWNER = { accessKeyId: 'AKIAOWNEROWNEROWNER0', secretAccessKey: 'owner' };

/** One action of one statement. */
export interface GrantedAction {
  readonly sid: string;
  readonly action: string;
}

/** hashicorp/aws works with the credentials of the same run; what it needs is its own affair. */
const OTHER_PROVIDER = /\bHashiCorp\/.*\bterraform-provider-aws\//;

/**
 * IAM in front of the stand-ins for AWS. Everybody but the {@link OWNER} may do what the granted policies allow and
 * nothing else; so each test that runs the provider against them shows that `lightsail-access-key policy` is enough.
 */
export class Iam {
  readonly #granted = new Set<string>();
  #documents: PolicyDocument[] = [];
  #withheld: GrantedAction | null = null;
  /** What was refused so far. */
  readonly refused: Ask[] = [];

  constructor(readonly region: string) {}

  /**
   * Attaches the policy that `lightsail-access-key policy` prints for these arguments, in this account and region; by
   * default it is for a bucket by name, and so for all.
   */
  grant(...args: readonly string[]): void {
    if (this.#granted.has(args.join('\n'))) return;
    this.#granted.add(args.join('\n'));
    const bucket = args.includes('--bucket') ? [] : ['--bucket', 'any'];
    const place = ['--region', this.region, '--account', ACCOUNT];
    const request = parsePolicyArguments([...bucket, ...place, ...args], '');
    if (request === 'audit') throw new Error('The policy for the audit is none for an apply.');
    this.attach(policyDocument(request));
  }

  /** The same for a value of `secret`, as the configurations of the tests write it. */
  grantFor(secret: string): void {
    const argument = (name: string) => new RegExp(`\\b${name} = "([^"]+)"`).exec(secret)?.[1];
    const option = (name: string, value = argument(name.replaceAll('-', '_'))) =>
      value === undefined ? [] : [`--${name}`, value];
    if (secret.includes('secrets_manager {')) {
      // The policy of an ARN is one for its own region.
      const region = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(argument('secret_id') ?? '')?.[1];
      this.grant('--destination', 'secrets-manager', ...option('secret-id'), ...option('region', region));
    }
    if (secret.includes('ssm_parameter {')) {
      const kms = option('kms-key', argument('kms_key_id'));
      const tier = kms.length === 0 ? [] : option('tier');
      this.grant('--destination', 'ssm-parameter', ...option('name'), ...kms, ...tier);
    }
  }

  /** Answers how to detach it. */
  attach(document: PolicyDocument): () => void {
    this.#documents.push(document);
    return () => {
      this.#documents = this.#documents.filter((each) => each !== document);
    };
  }

  /** Detaches everything. */
  clear(): void {
    this.#documents = [];
    this.#granted.clear();
    this.#withheld = null;
  }

  /** Every action of every statement. */
  get granted(): readonly GrantedAction[] {
    return this.#documents.flatMap(({ Statement }) =>
      Statement.flatMap(({ Sid, Action }) => Action.map((action) => ({ sid: Sid, action }))),
    );
  }

  /** Takes one action out of its statement, or gives it back. */
  withhold(action: GrantedAction | null): void {
    this.#withheld = action;
  }

  /** The first of these rights that is missing; null where the call may be made. */
  missing(accessKeyId: string, asks: readonly Ask[]): Ask | null {
    if (accessKeyId === OWNER.accessKeyId) return null;
    const ask = asks.find((each) => !this.#documents.some((document) => allows(this.#left(document), each)));
    if (ask) this.refused.push(ask);
    return ask ?? null;
  }

  /** For the emulator's option. */
  readonly authorize = ({ accessKeyId, operation, bucketArn, userAgent }: LightsailCall): boolean => {
    if (OTHER_PROVIDER.test(userAgent)) return true;
    const nowhere = `arn:aws:lightsail:${this.region}:${ACCOUNT}:Bucket/none`;
    const ask = { action: `lightsail:${operation}`, resource: bucketArn ?? nowhere };
    return this.missing(accessKeyId, [ask]) === null;
  };

  #left({ Version, Statement }: PolicyDocument): PolicyDocument {
    const { sid, action } = this.#withheld ?? {};
    return {
      Version,
      Statement: Statement.map((statement) =>
        statement.Sid === sid
          ? { ...statement, Action: statement.Action.filter((each) => each !== action) }
          : statement,
      ),
    };
  }
}

/** As AWS puts it. */
export function denial({ action, resource }: Ask): string {
  return (
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/operator/run is not authorized to perform: ${action} ` +
    `on resource: ${resource} because no identity-based policy allows the ${action} action`
  );
}

/** Who signed a request, as its header says; the stand-ins that use this do not check signatures. */
export function callerOf(authorization = ''): string {
  return /Credential=(\w+)\//.exec(authorization)?.[1] ?? '';
}
