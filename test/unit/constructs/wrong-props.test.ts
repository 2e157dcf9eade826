import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  Fn,
  TerraformCount,
  TerraformIterator,
  type TerraformProvider,
  type TerraformStack,
  TerraformVariable,
  Testing,
  Token,
} from 'cdktf';
import { Construct } from 'constructs';
import {
  BucketAccessKey,
  BucketAccessKeyAudit,
  DataLightsailBucketAccessKeys,
  LightsailBucketAccessKey,
  LightsailProvider,
  SecretDestination,
} from '../../../src/constructs/index.js';
import { AUDIT } from '../../../src/constructs/private/audited-keys.js';
import { ACCESS_KEY, BUCKET_ACCESS_KEY } from '../../../src/constructs/private/key-rules.js';
import { META } from '../../../src/constructs/private/meta-rules.js';
import { PROVIDER } from '../../../src/constructs/private/provider-rules.js';
import { DESTINATIONS, NEW_SECRET } from '../../../src/constructs/private/secret-rules.js';
import { only, stackWith, type Synthesized } from './stacks.js';

const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';

interface Entry {
  readonly make: (stack: Construct, props: never) => unknown;
  /** Each prop with a value that is taken. */
  readonly good: Readonly<Record<string, unknown>>;
  /** Those that may not be left out. */
  readonly required: readonly string[];
  /** The names of all props. */
  readonly known: readonly string[];
  /** What stands before the names in a message. */
  readonly prefix?: string;
  /** Of the right type, and not taken: `[path, value]`. */
  readonly outOfRange: readonly (readonly [path: string, value: unknown])[];
}

const STATE = SecretDestination.terraformOutput();
const key = (stack: Construct, props: object) =>
  new BucketAccessKey(stack, 'x', { bucketName: 'uploads', ...props } as never);
const namesOf = ({ rules }: { readonly rules: object }) =>
  Object.keys(rules).filter((name) => !(name in META));

const KEY = {
  bucketName: 'uploads',
  exclusive: true,
  verify: false,
  verifyTimeoutSeconds: 60,
  rotation: { afterDays: 90, overlapHours: 24, keepers: { team: 'media' }, onStillUsed: 'retire' },
  hooks: {
    afterCreate: { command: ['told', '--now'], onFailure: 'fail', timeoutSeconds: 5 },
    beforeDelete: { command: ['going'], onFailure: 'continue', timeoutSeconds: 5 },
  },
};
const KEY_OUT_OF_RANGE = [
  ['bucketName', 'NO'],
  ['verifyTimeoutSeconds', 0],
  ['verifyTimeoutSeconds', 4000],
  ['rotation.afterDays', 3651],
  ['rotation.overlapHours', -1],
  ['rotation.overlapHours', 90 * 24],
  ['rotation.onStillUsed', 'wait'],
  ['hooks.afterCreate.command', []],
  ['hooks.afterCreate.command', [' ']],
  ['hooks.afterCreate.onFailure', 'ignore'],
  ['hooks.beforeDelete.timeoutSeconds', 3601],
] as const;

/** As JavaScript calls them. */
const FACTORIES = SecretDestination as unknown as Record<string, (props: never) => unknown>;

function destination(
  factory: string,
  shape: { readonly rules: object },
  rest: Pick<Entry, 'good' | 'required' | 'outOfRange'>,
): [string, Entry] {
  const make = (stack: Construct, props: never) => key(stack, { secret: FACTORIES[factory]?.(props) });
  return [`SecretDestination.${factory}`, { make, known: namesOf(shape), prefix: 'secret.', ...rest }];
}

const ENTRIES: readonly [string, Entry][] = [
  [
    'BucketAccessKey',
    {
      make: (stack, props) => new BucketAccessKey(stack, 'x', props),
      good: { ...KEY, secret: SecretDestination.file({ path: 'key' }) },
      required: ['bucketName', 'secret'],
      known: namesOf(BUCKET_ACCESS_KEY),
      outOfRange: [...KEY_OUT_OF_RANGE, ['secret', { path: 'key' }], ['secret', () => 'key']],
    },
  ],
  [
    'LightsailBucketAccessKey',
    {
      make: (stack, props) => new LightsailBucketAccessKey(stack, 'x', props),
      good: { ...KEY, secret: { file: { path: 'key', format: 'sdk', ageRecipients: [RECIPIENT] } } },
      required: ['bucketName', 'secret', 'secret.file', 'secret.file.path'],
      known: namesOf(ACCESS_KEY),
      outOfRange: [
        ...KEY_OUT_OF_RANGE,
        ['secret', {}],
        ['secret', { file: { path: 'a' }, terraformOutput: {} }],
      ],
    },
  ],
  [
    'BucketAccessKeyAudit',
    {
      make: (stack, props) => new BucketAccessKeyAudit(stack, 'x', props),
      good: { bucketName: 'uploads', keys: ['AKIAIOSFODNN7EXAMPLE'], onUnmanagedKey: 'warn' },
      required: ['bucketName', 'keys'],
      known: namesOf(AUDIT),
      outOfRange: [
        ['bucketName', 'a'],
        ['keys', []],
        ['keys[0]', 'uploads'],
        ['onUnmanagedKey', 'ignore'],
      ],
    },
  ],
  [
    'DataLightsailBucketAccessKeys',
    {
      make: (stack, props) => new DataLightsailBucketAccessKeys(stack, 'x', props),
      good: { bucketName: 'uploads' },
      required: ['bucketName'],
      known: ['bucketName'],
      outOfRange: [['bucketName', 'up.loads']],
    },
  ],
  [
    'LightsailProvider',
    {
      make: (stack, props) => new LightsailProvider(stack, 'x', props),
      good: {
        region: 'eu-west-1',
        profile: 'ci',
        accessKey: 'AKIA',
        secretKey: 'secret',
        token: 'token',
        sharedConfigFiles: ['config'],
        sharedCredentialsFiles: ['credentials'],
        assumeRole: {
          roleArn: 'arn:aws:iam::123456789012:role/keys',
          sessionName: 'keys',
          externalId: 'ours',
          duration: '1h',
          policy: '{}',
          policyArns: ['arn:aws:iam::123456789012:policy/keys'],
          sourceIdentity: 'somebody',
          tags: { team: 'media' },
          transitiveTagKeys: ['team'],
        },
        endpoints: {
          lightsail: 'http://127.0.0.1:1',
          secretsmanager: 'http://127.0.0.1:1',
          ssm: 'http://127.0.0.1:1',
          s3: 'http://127.0.0.1:1',
          sts: 'http://127.0.0.1:1',
          vault: 'http://127.0.0.1:1',
        },
        maxAttempts: 5,
        alias: 'west',
      },
      required: ['assumeRole.roleArn'],
      known: namesOf(PROVIDER),
      outOfRange: [
        ['endpoints.s3', '127.0.0.1:1'],
        ['maxAttempts', 0],
        ['maxAttempts', 200],
        ['alias', 'a b'],
        ['assumeRole.roleArn', 'keys'],
        ['assumeRole.duration', '1m'],
      ],
    },
  ],
  destination('terraformOutput', DESTINATIONS.terraformOutput, {
    good: { ageRecipients: [RECIPIENT] },
    required: [],
    outOfRange: [
      ['ageRecipients', []],
      ['ageRecipients[0]', RECIPIENT.replace(/.$/, 'x')],
    ],
  }),
  destination('file', DESTINATIONS.file, {
    good: { path: 'key', format: 'env', ageRecipients: [RECIPIENT] },
    required: ['path'],
    outOfRange: [
      ['path', ' '],
      ['format', 'yaml'],
      ['ageRecipients[0]', 'ssh-rsa A'],
    ],
  }),
  destination('secretsManager', DESTINATIONS.secretsManager, {
    good: { secretId: 'ci/uploads', format: 'env' },
    required: ['secretId'],
    outOfRange: [
      ['secretId', ''],
      ['format', ''],
    ],
  }),
  destination('ssmParameter', DESTINATIONS.ssmParameter, {
    good: { name: '/ci/uploads', kmsKeyId: 'alias/ci', tier: 'Advanced', format: 'env' },
    required: ['name'],
    outOfRange: [
      ['name', `/${'a'.repeat(980)}`],
      ['name', 'ci/uploads'],
      ['kmsKeyId', ''],
      ['tier', 'Huge'],
    ],
  }),
  destination('vaultKv', DESTINATIONS.vaultKv, {
    good: { mount: 'secret', path: 'ci/uploads', namespace: 'ops', format: 'env' },
    required: ['mount', 'path'],
    outOfRange: [
      ['mount', ''],
      ['path', 'ci/../uploads'],
      ['path', 'ci/uploads/'],
      ['namespace', ' '],
    ],
  }),
  destination('command', DESTINATIONS.command, {
    good: { write: ['a', 'b'], delete: ['c', 'd'], format: 'env' },
    required: ['write'],
    outOfRange: [
      ['write', []],
      ['delete', ['']],
    ],
  }),
  destination('newSecretsManagerSecret', NEW_SECRET, {
    good: {
      name: 'ci',
      description: 'Uploads',
      createKmsKey: true,
      recoveryWindowInDays: 7,
      resourcePolicy: '{}',
      tags: { team: 'media' },
      format: 'env',
    },
    required: [],
    outOfRange: [
      ['name', 'a b'],
      ['namePrefix', ''],
      ['kmsKeyId', ''],
      ['recoveryWindowInDays', 31],
      ['resourcePolicy', 'allow'],
    ],
  }),
];

/** Every place in an object at which something stands: `rotation.keepers.team`, `command[0]`. */
function placesIn(value: unknown, name = ''): string[] {
  const deeper = Array.isArray(value)
    ? value.flatMap((element: unknown, index) => placesIn(element, `${name}[${index}]`))
    : isPlain(value)
      ? Object.entries(value).flatMap(([each, inner]) =>
          placesIn(inner, name === '' ? each : `${name}.${each}`),
        )
      : [];
  return name === '' ? deeper : [name, ...deeper];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A copy with another value at that place. */
function withValue(value: unknown, place: string, given: unknown): unknown {
  const [, step = '', rest = ''] = /^\.?(\w+|\[\d+\])(.*)$/.exec(place) ?? [];
  const at = step.replace(/[[\]]/g, '');
  const inner = rest === '' ? given : withValue((value as Record<string, unknown>)[at], rest, given);
  if (Array.isArray(value)) return Object.assign([...(value as unknown[])], { [at]: inner });
  return { ...(value as object), [at]: inner };
}

function valueAt(value: unknown, place: string): unknown {
  const [, step = '', rest = ''] = /^\.?(\w+|\[\d+\])(.*)$/.exec(place) ?? [];
  const inner = (value as Record<string, unknown>)[step.replace(/[[\]]/g, '')];
  return rest === '' ? inner : valueAt(inner, rest);
}

/** What is wrong wherever it stands, or in the place of that value. */
function wrongFor(value: unknown): unknown[] {
  const others = [null, Number.NaN, new Date(0), () => 'x', Symbol('x'), new Map([['a', 'b']])];
  if (typeof value === 'string') return [...others, 5, true, ['x'], {}];
  if (typeof value === 'number') return [...others, 'text', '5', true, 1.5, Infinity, [], {}];
  if (typeof value === 'boolean') return [...others, 'true', 1, [], {}];
  return [...others, 'text', 5, true, ...(Array.isArray(value) ? [{ 0: 'x' }] : [['x']])];
}

/** Not by a matcher: what is thrown has to be an error of ours, and never a TypeError. */
function refusal(entry: Entry, props: unknown): string {
  let said = '';
  const stack = stackWith((scope) => {
    new AwsProvider(scope, 'aws');
    try {
      entry.make(scope, props as never);
    } catch (error) {
      const { name, message } = error as Error;
      said = name === 'Error' ? message : `${name}: ${message}`;
    }
  });
  if (said !== '' && stack.node.tryFindChild('x')) return `${said} (but a construct is left)`;
  return said;
}

/** As `Fn` makes them, as a variable's value, and as an author writes them. */
const TOKENS = [Token.asAny({ later: true }), Fn.merge([{}, {}]) as unknown, '${var.later}'];

/** A name of the author's own, in a map. */
const isOfAuthor = (place: string) => /(^|\.)(keepers|tags)\./.test(place);
const isBlock = (place: string, value: unknown) => isPlain(value) && !/(^|\.)(keepers|tags)$/.test(place);

const readable = (value: unknown) => (typeof value === 'symbol' ? 'a symbol' : String(value));

describe.each(ENTRIES)('%s', (_, entry) => {
  const { good, required, known, prefix = '', outOfRange } = entry;
  const places = placesIn(good);

  test('takes what is right', () => {
    expect(refusal(entry, good)).toBe('');
  });

  test('has a rule for each prop, of which this test knows', () => {
    const instead = ['namePrefix', 'kmsKeyId'];
    expect([...known].sort()).toEqual(
      [...new Set([...Object.keys(good), ...known.filter((name) => instead.includes(name))])].sort(),
    );
  });

  test.each(places)('refuses what is null or of another type at %s', (place) => {
    for (const wrong of wrongFor(valueAt(good, place))) {
      const said = refusal(entry, withValue(good, place, wrong));
      expect([readable(wrong), said]).toEqual([
        readable(wrong),
        expect.stringMatching(/^\[stack\/x\] [^]*, so no access key can be managed\. Give .*\.$/),
      ]);
      expect(said).toContain(`[stack/x] ${prefix}${place}`);
    }
  });

  test.each(places)('takes undefined at %s as absent, or refuses it where something has to be', (place) => {
    const isElement = place.endsWith(']') || /\.(keepers|tags)\.\w+$|^tags\.\w+$/.test(place);
    const said = refusal(entry, withValue(good, place, undefined));
    const isNeeded = isElement || required.includes(place) || place.endsWith('.command');
    if (isNeeded) {
      // Without its only member, it is `secret` that names none.
      expect(said).toContain(`[stack/x] ${prefix}${place === 'secret.file' ? 'secret' : place}`);
    } else if (['accessKey', 'secretKey'].includes(place)) {
      expect(said).toMatch(/is given without/);
    } else {
      expect(said).toBe('');
    }
  });

  test.each(outOfRange)('refuses %s = %j', (place, value) => {
    const said = refusal(entry, withValue(good, place, value));
    expect(said).toMatch(/^\[stack\/x\] [^]*, so no access key can be managed\. .*\.$/);
    expect(said).toContain(`${prefix}${place}`);
  });

  test.each([null, 5, 'text', [], () => ({})])('refuses %p in the place of its props', (props) => {
    expect(refusal(entry, props)).toMatch(
      prefix === ''
        ? /^\[stack\/x\] props is .*Give an object/
        : /^\[stack\/x\] The argument of SecretDestination\.\w+\(\) is .*Give an object/,
    );
  });

  test('takes tokens at every place but for blocks and what synthesis decides on', () => {
    for (const place of places.filter((each) => each !== 'secret')) {
      for (const token of TOKENS) {
        const said = refusal(entry, withValue(good, place, token));
        const isRefused = isBlock(place, valueAt(good, place)) || place === 'createKmsKey';
        expect([place, said]).toEqual([
          place,
          isRefused ? expect.stringContaining(`[stack/x] ${prefix}${place} is a token, `) : '',
        ]);
      }
    }
  });

  test('refuses a token in the place of its props', () => {
    for (const token of TOKENS) expect(refusal(entry, token)).toMatch(/is a token, and Terraform takes none/);
  });

  test('refuses a name that is not a prop, and finds the one that is meant', () => {
    for (const place of ['', ...places.filter((each) => isBlock(each, valueAt(good, each)))]) {
      const before = place === '' ? '' : `${place}.`;
      expect(refusal(entry, withValue(good, `${before}foreign`, 1))).toContain(
        `[stack/x] ${prefix}${before}foreign is not a prop, so no access key can be managed. Leave it out; there are `,
      );
      expect(refusal(entry, withValue(good, `${before}foreign`, undefined))).toBe('');
    }
    for (const place of places.filter((each) => /(^|\.)\w{4,}$/.test(each) && !isOfAuthor(each))) {
      const value = valueAt(good, place);
      expect(refusal(entry, withValue(good, place.slice(0, -1), value))).toContain(
        `[stack/x] ${prefix}${place.slice(0, -1)} is not a prop, so no access key can be managed. ` +
          `Give ${prefix}${place}, or leave it out.`,
      );
    }
  });
});

test('a destination whose props are missing is refused by the key that gets it', () => {
  for (const factory of ['file', 'secretsManager', 'ssmParameter', 'vaultKv', 'command'] as const) {
    const make = () =>
      stackWith((stack) => {
        key(stack, { secret: FACTORIES[factory]?.(undefined as never) });
      });
    expect(make).toThrow(
      new RegExp(`^\\[stack/x\\] The argument of SecretDestination\\.${factory}\\(\\) is undefined`),
    );
  }
});

test.each([
  ['dependsOn', null],
  ['dependsOn', [undefined]],
  ['dependsOn', ['x']],
  ['dependsOn', '${aws_x.y}'],
  ['dependsOn', ['${aws_x.y}']],
  ['dependsOn', Token.asAny([])],
  ['provider', null],
  ['provider', {}],
  ['provider', '${aws.x}'],
  ['count', {}],
  ['count', []],
  ['count', new Date(0)],
  ['forEach', ['a', 'b']],
  ['forEach', []],
  ['forEach', { a: 1 }],
  ['forEach', new Date(0)],
  ['forEach', '${var.all}'],
  ['lifecycle', []],
  ['lifecycle', Token.asAny({})],
  ['lifecycle', { postcondition: { condition: true } }],
  ['lifecycle', { postcondition: 'x' }],
  ['lifecycle', { precondition: '${var.x}' }],
  ['lifecycle', { precondition: [null] }],
  ['lifecycle', { replaceTriggeredBy: 'x' }],
  ['lifecycle', { replaceTriggeredBy: [null] }],
  ['lifecycle', { ignoreChanges: 'some' }],
  ['lifecycle', { preventDestroy: 'yes' }],
  ['lifecycle', { preventDestroys: true }],
  ['connection', []],
  ['connection', Token.asAny({})],
  ['provisioners', '${var.x}'],
  ['provisioners', [{}]],
  ['count', Number.NaN],
  ['count', -1],
  ['count', '2'],
  ['forEach', null],
  ['lifecycle', null],
  ['lifecycle', 'x'],
  ['connection', null],
  ['provisioners', [null]],
])('the argument %s of every resource is not %p', (name, value) => {
  for (const [, { make, good, prefix }] of ENTRIES.filter(([each]) => each !== 'LightsailProvider')) {
    if (prefix !== undefined) continue;
    const make1 = () =>
      stackWith((stack) => {
        make(stack, { ...good, [name]: value } as never);
      });
    expect(make1).toThrow(new RegExp(`^\\[stack/x\\] ${name}`));
  }
});

test.each<[string, (stack: TerraformStack) => unknown]>([
  ['dependsOn', (stack) => [key(stack, { secret: STATE })]],
  ['provider', (stack) => new LightsailProvider(stack, 'lightsail')],
  ['count', () => 2],
  ['count', () => TerraformCount.of(2)],
  ['count', () => '${var.count}'],
  ['forEach', () => TerraformIterator.fromList(['a', 'b'])],
  ['lifecycle', () => ({ createBeforeDestroy: true, ignoreChanges: 'all' })],
  ['lifecycle', () => ({ ignoreChanges: ['status'], replaceTriggeredBy: ['aws_x.y'] })],
  ['lifecycle', () => ({ precondition: [{ condition: '${true}', errorMessage: 'no' }] })],
  ['connection', () => ({ type: 'ssh', host: 'a' })],
  ['provisioners', () => [{ type: 'local-exec', command: 'true' }]],
])('the argument %s of every resource is taken where it is right', (name, given) => {
  for (const [, { make, good, prefix }] of ENTRIES.filter(([each]) => each !== 'LightsailProvider')) {
    if (prefix !== undefined) continue;
    const make1 = () =>
      stackWith((stack) => {
        const scope = new Construct(stack, 'inner');
        make(scope, { ...good, [name]: given(stack) } as never);
      });
    expect(make1).not.toThrow();
  }
});

test('a provider of something else is refused', () => {
  for (const [, { make, good, prefix }] of ENTRIES.filter(([each]) => each !== 'LightsailProvider')) {
    if (prefix !== undefined) continue;
    stackWith((stack) => {
      const provider: TerraformProvider = new AwsProvider(stack, 'aws');
      expect(() => make(stack, { ...good, provider } as never)).toThrow(
        /^\[stack\/x\] provider is an instance of AwsProvider, .* Give a LightsailProvider, or leave it out\.$/,
      );
    });
  }
});

test('a scope or an id that is none is refused without a TypeError', () => {
  for (const scope of [undefined, null, {}, 'stack']) {
    const props = { bucketName: 'uploads', secret: SecretDestination.terraformOutput() };
    expect(() => new BucketAccessKey(scope as never, 'x', props)).toThrow(/^\[x\] scope is /);
    expect(() => new LightsailProvider(scope as never, 'x')).toThrow(/^\[x\] scope is /);
    expect(() => new BucketAccessKeyAudit(scope as never, 'x', { bucketName: 'uploads', keys: [] })).toThrow(
      /^\[x\] scope is /,
    );
  }
  stackWith((stack) => {
    for (const id of [undefined, null, '', 5]) {
      const props = { bucketName: 'uploads', secret: SecretDestination.terraformOutput() };
      expect(() => new BucketAccessKey(stack, id as never, props)).toThrow(/^\[stack\] id is /);
    }
  });
});

test.each([undefined, null, '', 5, {}])('methods refuse %p, with the path of the construct', (given) => {
  stackWith((stack) => {
    const some = key(stack, { secret: SecretDestination.terraformOutput() });
    expect(() => {
      some.moveFromAwsProvider(given as never);
    }).toThrow(/^\[stack\/x\] address is .*terraform state list/);
    expect(() => some.secretOutput(given as never)).toThrow(/^\[stack\/x\] name is /);
    const keys = new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads' });
    expect(() => keys.accessKeys.get(given === 5 ? -1 : (given as never))).toThrow(
      /^\[stack\/keys\] index is /,
    );
  });
});

describe.each<[string, (variable: TerraformVariable) => unknown, string]>([
  ['a merge', ({ value }): unknown => Fn.merge([value, { a: 'b' }]), 'merge(var.map, {"a" = "b"})'],
  ['a value', ({ value }): unknown => value, 'var.map'],
  ['an encoded map', ({ value }) => Token.asStringMap(value), 'var.map'],
  ['an expression', () => '${var.map}', 'var.map'],
])('maps that only Terraform will know stay whole: %s', (_, given, expression) => {
  const stack = stackWith((scope) => {
    const map = given(new TerraformVariable(scope, 'map', { type: 'map(string)' })) as never;
    key(scope, { secret: STATE, rotation: { keepers: map } });
    const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/keys', tags: map };
    new LightsailProvider(scope, 'lightsail', { assumeRole });
  });

  test('in JSON', () => {
    const { resource, provider } = JSON.parse(Testing.synth(stack)) as Synthesized;
    expect(only(resource.lightsail_bucket_access_key).rotation).toEqual({ keepers: `\${${expression}}` });
    expect(provider.lightsail?.[0]?.assume_role).toMatchObject({ tags: `\${${expression}}` });
  });

  test('in HCL', () => {
    const hcl = String(Testing.synthHcl(stack));
    expect(hcl).toContain(`keepers = "\${${expression}}"`);
    expect(hcl).toContain(`tags = "\${${expression}}"`);
  });
});

test('variables of Terraform are taken by their values, and not as they are', () => {
  stackWith((stack) => {
    const variable = new TerraformVariable(stack, 'name', { type: 'string' });
    expect(() => new DataLightsailBucketAccessKeys(stack, 'a', { bucketName: variable as never })).toThrow(
      /\[stack\/a\] bucketName is an instance of TerraformVariable/,
    );
    new DataLightsailBucketAccessKeys(stack, 'b', { bucketName: variable.stringValue });
  });
});

test('what is secret is not repeated', () => {
  stackWith((stack) => {
    expect(() => new LightsailProvider(stack, 'x', { accessKey: 'a', secretKey: 1234567 as never })).toThrow(
      /secretKey is a number,/,
    );
  });
});
