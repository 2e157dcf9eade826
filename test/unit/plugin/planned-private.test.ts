import { Diagnostics } from '../../../src/plugin/provider.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../../src/plugin/index.js';
import { plan } from '../../../src/plugin/calls/managed.js';
import { encodeState } from '../../../src/plugin/calls/values.js';

const schema = { version: 0, attributes: { name: { type: 'string', required: true } } } as const;
const bytes = (text: string) => Buffer.from(text);

type Asked = Parameters<ManagedResource<null>['plan']>[0];

/** What a resource is asked whose plan Terraform makes a second time. */
async function asked(plannedPrivate: Uint8Array): Promise<Asked | undefined> {
  let got: Asked | undefined;
  const resource = {
    schema,
    plan(request: Asked) {
      got = request;
      return Promise.resolve({ planned: request.proposed });
    },
  } as unknown as ManagedResource<null>;
  const state: ObjectValue = { name: 'a' };
  const value = encodeState(schema, state);
  const context = { diagnostics: new Diagnostics() } as unknown as CallContext;
  const request = {
    typeName: 'toy',
    priorState: value,
    proposedNewState: value,
    config: value,
    priorPrivate: bytes('prior'),
    clientCapabilities: undefined,
    plannedPrivate,
  };
  await plan(resource, request as Parameters<typeof plan>[1], null, context);
  return got;
}

it('gets the first plan’s private data beside the state’s, where Terraform hands them on', async () => {
  expect(await asked(bytes('planned'))).toMatchObject({
    privateData: bytes('prior'),
    plannedPrivateData: bytes('planned'),
  });
});

it('gets none where Terraform does not', async () => {
  expect((await asked(new Uint8Array()))?.plannedPrivateData).toBeUndefined();
});
