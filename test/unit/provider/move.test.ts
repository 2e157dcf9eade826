import { Diagnostics } from '../../../src/plugin/provider.js';
import type { CallContext } from '../../../src/plugin/index.js';
import { readMemory } from '../../../src/provider/bucket-access-key/memory.js';
import { moveKey } from '../../../src/provider/bucket-access-key/adopt.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AWS = 'registry.terraform.io/hashicorp/aws';
const TYPE = 'aws_lightsail_bucket_access_key';
const sourceState = {
  id: 'uploads,AKIAIOSFODNN7EXAMPLE',
  bucket_name: 'uploads',
  access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  secret_access_key: SECRET,
  created_at: '2026-01-02T03:04:05Z',
  status: 'Active',
};

async function move(over: object = {}) {
  const diagnostics = new Diagnostics();
  const context = { diagnostics } as CallContext;
  const request = { sourceProvider: AWS, sourceType: TYPE, sourceState, ...over };
  const moved = await moveKey(request, undefined, context);
  return { moved, said: diagnostics.items };
}

test.each([AWS, 'registry.opentofu.org/hashicorp/aws', 'mirror.example.com/hashicorp/aws'])(
  'a key of %s is taken over without its secret',
  async (sourceProvider) => {
    const { moved, said } = await move({ sourceProvider });
    expect(said).toEqual([]);
    expect(moved?.state).toMatchObject({
      bucket_name: 'uploads',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      created_at: '2026-01-02T03:04:05Z',
      status: 'Active',
      secret: null,
      secret_access_key: null,
      exclusive: false,
      verify: true,
    });
    expect(JSON.stringify(moved?.state)).not.toContain(SECRET);
    expect(Buffer.from(moved?.privateData ?? []).toString()).not.toContain(SECRET);
  },
);

test('the region is remembered where the old state tells it', async () => {
  const { moved } = await move({ sourceState: { ...sourceState, region: 'eu-west-3' } });
  expect(readMemory(moved?.privateData ?? new Uint8Array(), {}).region).toBe('eu-west-3');
  expect(readMemory((await move()).moved?.privateData ?? new Uint8Array(), {}).region).toBeNull();
});

test('nobody has seen it on its bucket yet', async () => {
  const { moved } = await move();
  expect(readMemory(moved?.privateData ?? new Uint8Array(), {}).isUnseen).toBe(true);
});

test.each([
  ['another provider', { sourceProvider: 'registry.terraform.io/somebody/aws' }],
  ['another name of it', { sourceProvider: 'registry.terraform.io/hashicorp/awscc' }],
  ['another type', { sourceType: 'aws_iam_access_key' }],
  ['no object', { sourceState: null }],
  ['no bucket', { sourceState: { ...sourceState, bucket_name: '' } }],
  ['no ID', { sourceState: { ...sourceState, access_key_id: 7 } }],
])('%s is refused with a word on what to do', async (_, over) => {
  const { moved, said } = await move(over);
  expect(moved).toBeUndefined();
  expect(said).toEqual([
    expect.objectContaining({
      severity: 'error',
      detail: expect.stringMatching(/^Nothing was changed, and no key is affected\. .*import/) as string,
    }),
  ]);
  expect(JSON.stringify(said)).not.toContain(SECRET);
});
