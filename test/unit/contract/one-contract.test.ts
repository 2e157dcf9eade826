import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { ACCESS_KEY } from '../../../src/constructs/private/key-rules.js';
import { PROVIDER } from '../../../src/constructs/private/provider-rules.js';
import { DESTINATIONS } from '../../../src/constructs/private/secret-rules.js';
import { DEFAULTS } from '../../../src/contract/limits.js';
import type { Block } from '../../../src/plugin/index.js';
import { bucketAccessKeySchema } from '../../../src/provider/bucket-access-key/schema.js';
import { bucketAccessKeyAudit } from '../../../src/provider/bucket-access-key-audit/resource.js';
import { bucketAccessKeys } from '../../../src/provider/bucket-access-keys/data-source.js';
import { providerSchema } from '../../../src/provider/provider.js';

/** What somebody writes, and what is said of it. */
interface Argument {
  readonly required: boolean;
  readonly described: string;
}

type Arguments = Readonly<Record<string, Argument>>;

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The members of an interface as its authors read them: with their TSDoc, in Terraform's names. */
function propsOf(file: string, name: string): Arguments {
  const path = `src/constructs/${file}.ts`;
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true);
  const found = source.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (!found) throw new Error(`${path} has no interface ${name}.`);
  const inherited = (found.heritageClauses ?? [])
    .flatMap(({ types }) => types.map((type) => type.expression.getText()))
    .filter((base) => base === 'FormattedDestinationProps')
    .map((base) => propsOf(file, base));
  const own = found.members.filter(ts.isPropertySignature).map((member): [string, Argument] => {
    const described = ts
      .getJSDocCommentsAndTags(member)
      .map((comment) => comment.getText().replace(/^\/\*\*|\*\/$|^\s*\*/gm, ' '))
      .join(' ')
      .replace(/\s+/g, ' ');
    return [snakeCase(member.name.getText()), { required: member.questionToken === undefined, described }];
  });
  return Object.assign({}, ...inherited, Object.fromEntries(own)) as Arguments;
}

/** What Terraform takes in a block; without what it only tells. */
function argumentsOf({ attributes, blocks = {} }: Block): Arguments {
  const settable = Object.entries(attributes).filter(([, { required, optional }]) => required ?? optional);
  return Object.fromEntries(
    [...settable, ...Object.entries(blocks)].map(([name, { required = false, description = '' }]) => [
      name,
      { required, described: description },
    ]),
  );
}

function blockIn(schema: Block, ...path: readonly string[]): Block {
  return path.reduce<Block>((block, name) => {
    const inner = block.blocks?.[name];
    if (!inner) throw new Error(`There is no block ${name}.`);
    return inner;
  }, schema);
}

const KEY = 'bucket-access-key-props';
const PROVIDER_CONFIG = 'lightsail-provider';
const SECRET = 'secret-destination-props';

const PAIRS: readonly (readonly [title: string, props: Arguments, schema: Arguments])[] = [
  ['a key', propsOf(KEY, 'BucketAccessKeyProps'), argumentsOf(bucketAccessKeySchema)],
  [
    "a key's resource",
    propsOf('lightsail-bucket-access-key', 'LightsailBucketAccessKeyConfig'),
    argumentsOf(bucketAccessKeySchema),
  ],
  ['rotation', propsOf(KEY, 'RotationProps'), argumentsOf(blockIn(bucketAccessKeySchema, 'rotation'))],
  ['hooks', propsOf(KEY, 'HooksProps'), argumentsOf(blockIn(bucketAccessKeySchema, 'hooks'))],
  ...['after_create', 'before_delete'].map(
    (hook) =>
      [hook, propsOf(KEY, 'HookProps'), argumentsOf(blockIn(bucketAccessKeySchema, 'hooks', hook))] as const,
  ),
  [
    'secret',
    propsOf('lightsail-bucket-access-key', 'LightsailBucketAccessKeySecret'),
    argumentsOf(blockIn(bucketAccessKeySchema, 'secret')),
  ],
  ...(
    [
      ['terraform_output', 'TerraformOutput'],
      ['file', 'File'],
      ['secrets_manager', 'SecretsManager'],
      ['ssm_parameter', 'SsmParameter'],
      ['vault_kv', 'VaultKv'],
      ['command', 'Command'],
    ] as const
  ).map(
    ([block, name]) =>
      [
        block,
        propsOf(SECRET, `${name}DestinationProps`),
        argumentsOf(blockIn(bucketAccessKeySchema, 'secret', block)),
      ] as const,
  ),
  [
    'the provider',
    without(propsOf(PROVIDER_CONFIG, 'LightsailProviderConfig'), 'alias'),
    argumentsOf(providerSchema),
  ],
  [
    'assume_role',
    propsOf(PROVIDER_CONFIG, 'LightsailProviderAssumeRole'),
    argumentsOf(blockIn(providerSchema, 'assume_role')),
  ],
  [
    'endpoints',
    propsOf(PROVIDER_CONFIG, 'LightsailProviderEndpoints'),
    argumentsOf(blockIn(providerSchema, 'endpoints')),
  ],
  [
    'an audit',
    renamed(
      propsOf('bucket-access-key-audit', 'BucketAccessKeyAuditProps'),
      'keys',
      'managed_access_key_ids',
    ),
    argumentsOf(bucketAccessKeyAudit.schema),
  ],
  [
    'the data source',
    propsOf('data-lightsail-bucket-access-keys', 'DataLightsailBucketAccessKeysConfig'),
    argumentsOf(bucketAccessKeys.schema),
  ],
];

function without({ ...props }: Arguments, name: string): Arguments {
  return Object.fromEntries(Object.entries(props).filter(([each]) => each !== name));
}

function renamed(props: Arguments, from: string, to: string): Arguments {
  return Object.fromEntries(Object.entries(props).map(([name, prop]) => [name === from ? to : name, prop]));
}

/** The value that stands for a default; null where it is told in words, or there is none. */
function defaultIn(described: string): string | null {
  return /default: (?:`([^`]+)`|(\d+|true|false)\b)/i.exec(described)?.slice(1).find(Boolean) ?? null;
}

/** "1 to 3650". */
const rangesIn = (described: string) => (described.match(/\b\d+ to \d+\b/g) ?? []).sort();

describe.each(PAIRS)('%s', (_, props, schema) => {
  test('has the same arguments in the construct and in the provider, and the same have to be given', () => {
    const required = (all: Arguments) =>
      Object.entries(all)
        .map(([name, { required: isRequired }]) => `${name}${isRequired ? '' : '?'}`)
        .sort();
    expect(required(props)).toEqual(required(schema));
  });

  test.each(Object.keys(schema))('%s has one default and one range in both descriptions', (name) => {
    const [told, described] = [props[name]?.described ?? '', schema[name]?.described ?? ''];
    expect([defaultIn(told), rangesIn(told)]).toEqual([defaultIn(described), rangesIn(described)]);
  });
});

test.each([
  ['rotation.overlap_hours', DEFAULTS.overlapHours],
  ['rotation.on_still_used', DEFAULTS.onStillUsed],
  ['hooks.after_create.on_failure', DEFAULTS.onFailure],
  ['hooks.after_create.timeout_seconds', DEFAULTS.hookSeconds],
  ['hooks.before_delete.timeout_seconds', DEFAULTS.hookSeconds],
  ['exclusive', DEFAULTS.exclusive],
  ['verify', DEFAULTS.verify],
  ['verify_timeout_seconds', DEFAULTS.verifySeconds],
  ['secret.file.format', DEFAULTS.format],
])('the default that is described of %s is %s, as the provider has it', (path, value) => {
  const blocks = path.split('.');
  const name = blocks.pop() ?? '';
  const described = argumentsOf(blockIn(bucketAccessKeySchema, ...blocks))[name]?.described ?? '';
  expect(defaultIn(described)).toBe(String(value));
});

test('so are those of the provider and of an audit', () => {
  expect(defaultIn(providerSchema.attributes.max_attempts?.description ?? '')).toBe(
    String(DEFAULTS.maxAttempts),
  );
  expect(defaultIn(bucketAccessKeyAudit.schema.attributes.on_unmanaged_key?.description ?? '')).toBe(
    DEFAULTS.onUnmanagedKey,
  );
});

test('what the constructs check is what they have', () => {
  const names = ({ rules }: { readonly rules: object }) => Object.keys(rules).map(snakeCase);
  expect(names(ACCESS_KEY)).toEqual(expect.arrayContaining(Object.keys(argumentsOf(bucketAccessKeySchema))));
  expect(names(PROVIDER)).toEqual(expect.arrayContaining(Object.keys(argumentsOf(providerSchema))));
  for (const [member, shape] of Object.entries(DESTINATIONS)) {
    const block = blockIn(bucketAccessKeySchema, 'secret', snakeCase(member));
    expect(names(shape).sort()).toEqual(Object.keys(argumentsOf(block)).sort());
  }
});

test('every attribute of a key that Terraform tells has an accessor', () => {
  const path = 'src/constructs/bucket-access-key.ts';
  const source = readFileSync(path, 'utf8');
  const told = Object.entries(bucketAccessKeySchema.attributes).filter(
    ([, { computed = false, optional = false }]) => computed && !optional,
  );
  const accessors = [...source.matchAll(/^ {2}get (\w+)\(\): string/gm)].map(([, name = '']) =>
    snakeCase(name),
  );
  expect(accessors).toEqual(expect.arrayContaining(told.map(([name]) => name)));
});
