import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hclBlocks } from '../../support/documentation/hcl.js';
import { readManifest, repository } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';

const blocks = hclBlocks();
let terraform: Terraform;

beforeAll(async () => {
  const { source, version } = readManifest();
  terraform = await Terraform.create({
    files: {
      'versions.tf': `terraform {
  required_providers {
    lightsail = {
      source  = "${source}"
      version = "${version}"
    }
  }
}
`,
    },
  });
  await terraform.succeeds('init');
});
afterAll(async () => {
  await terraform.cleanup();
});

/** What Terraform has against it. */
async function complaintsAbout(hcl: string): Promise<string> {
  await terraform.write('main.tf', hcl);
  const { code, stdout, stderr } = await terraform.run('validate', '-no-color');
  return code === 0 ? '' : stdout + stderr;
}

test.each(blocks)('$title is valid', async ({ hcl }) => {
  expect(await complaintsAbout(hcl)).toBe('');
});

test.each(blocks)('$title is not, were an argument of it unknown', async ({ hcl }) => {
  expect(await complaintsAbout(hcl.replace(/\b(bucket_name|path|command|to) +=/, 'outdated_$1 ='))).not.toBe(
    '',
  );
});

test('the reference has every argument and every attribute of the schema', async () => {
  await terraform.write('main.tf', '');
  const { stdout } = await terraform.succeeds('providers', 'schema', '-json');
  const [provider] = Object.values((JSON.parse(stdout) as Schemas).provider_schemas);
  const page = readFileSync(join(repository, 'docs/reference.md'), 'utf8');
  const names = [
    ...namesIn(provider?.resource_schemas.lightsail_bucket_access_key?.block),
    ...namesIn(provider?.provider.block).filter((name) => !OF_THE_AWS_PROVIDER.has(name)),
  ];
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

/** Members of `assume_role`, for which the page refers to the AWS provider. */
const OF_THE_AWS_PROVIDER = new Set([
  'session_name',
  'external_id',
  'duration',
  'policy',
  'policy_arns',
  'source_identity',
  'tags',
  'transitive_tag_keys',
]);

interface Block {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}
interface Schemas {
  readonly provider_schemas: Readonly<
    Record<
      string,
      {
        readonly provider: { readonly block: Block };
        readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>>;
      }
    >
  >;
}

/** Of its attributes and blocks, with all that stands in them; those of `hooks` have a page of their own. */
function namesIn(block: Block | undefined): readonly string[] {
  const { attributes = {}, block_types: blockTypes = {} } = block ?? {};
  const within = Object.entries(blockTypes).flatMap(([name, { block: inner }]) =>
    name === 'hooks' ? Object.keys(inner.block_types ?? {}) : namesIn(inner),
  );
  return [...Object.keys(attributes), ...Object.keys(blockTypes), ...within];
}
