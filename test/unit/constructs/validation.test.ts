import { TerraformVariable, Testing, Token } from 'cdktf';
import {
  BucketAccessKey,
  type BucketAccessKeyProps,
  DataLightsailBucketAccessKeys,
  LightsailProvider,
  type LightsailProviderConfig,
  SecretDestination,
  type SecretFormat,
} from '../../../src/constructs/index.js';
import { stackWith } from './stacks.js';

const secret = SecretDestination.terraformOutput();

function synthesizeKey(props: Partial<BucketAccessKeyProps>): () => void {
  return () =>
    Testing.fullSynth(
      stackWith((scope) => {
        new BucketAccessKey(scope, 'uploads', { bucketName: 'uploads', secret, ...props });
      }),
    );
}

function synthesizeProvider(config: LightsailProviderConfig): () => void {
  return () => Testing.fullSynth(stackWith((scope) => new LightsailProvider(scope, 'lightsail', config)));
}

test.each(['ab', 'Uploads', '-uploads', 'uploads-', 'up.loads', 'up_loads', '', 'a'.repeat(55)])(
  'the bucket name "%s" is refused with the path of the key',
  (bucketName) => {
    expect(synthesizeKey({ bucketName })).toThrow(
      /\[stack\/uploads\] bucketName is ".*", so no access key can be managed\. Give 3 to 54 lowercase letters/,
    );
  },
);

test.each(['abc', '0-0', 'a'.repeat(54), 'my-uploads-2'])(
  'the bucket name "%s" is accepted',
  (bucketName) => {
    expect(synthesizeKey({ bucketName })).not.toThrow();
  },
);

test.each([0, -1, 1.5, Number.NaN, 3601])(
  '%s seconds of verification are refused',
  (verifyTimeoutSeconds) => {
    expect(synthesizeKey({ verifyTimeoutSeconds })).toThrow(
      /\[stack\/uploads\] verifyTimeoutSeconds is .* from 1 to 3600, or leave it out\./,
    );
  },
);

test.each(['', '  '])('the path "%s" of a file is refused', (path) => {
  expect(synthesizeKey({ secret: SecretDestination.file({ path }) })).toThrow(
    /\[stack\/uploads\] secret\.path is empty/,
  );
});

test.each([
  [{ afterDays: 0 }, /rotation\.afterDays is 0.*from 1 to 3650/],
  [{ afterDays: 1.5 }, /rotation\.afterDays is 1\.5/],
  [{ overlapHours: 8761 }, /rotation\.overlapHours is 8761.*from 0 to 8760/],
  [{ afterDays: 2, overlapHours: 48 }, /rotation\.overlapHours is 48.*due again after 48 hours/],
  [{ afterDays: 1 }, /rotation\.overlapHours is 24.*due again after 24 hours/],
  [{ onStillUsed: 'wait' as 'block' }, /rotation\.onStillUsed is "wait".*block, retire/],
] as const)('the rotation %j is refused', (rotation, message) => {
  expect(synthesizeKey({ rotation })).toThrow(message);
  expect(synthesizeKey({ rotation })).toThrow('[stack/uploads]');
});

test.each([{ afterDays: 1, overlapHours: 23 }, { afterDays: 3650, overlapHours: 8760 }, { overlapHours: 0 }])(
  'the rotation %j is accepted',
  (rotation) => {
    expect(synthesizeKey({ rotation })).not.toThrow();
  },
);

test.each([
  [{ command: [] }, /hooks\.afterCreate\.command names no program/],
  [{ command: [' '] }, /hooks\.afterCreate\.command names no program/],
  [
    { command: ['x'], onFailure: 'ignore' as 'fail' },
    /hooks\.afterCreate\.onFailure is "ignore".*fail, continue/,
  ],
  [{ command: ['x'], timeoutSeconds: 3601 }, /hooks\.afterCreate\.timeoutSeconds is 3601.*from 1 to 3600/],
] as const)('the hook %j is refused', (afterCreate, message) => {
  expect(synthesizeKey({ hooks: { afterCreate } })).toThrow(message);
});

test('an unknown format is refused and the known ones are named', () => {
  const destination = SecretDestination.file({ path: 'key', format: 'yaml' as SecretFormat });
  expect(synthesizeKey({ secret: destination })).toThrow(/"yaml".*sdk, env, credential_process, ini/);
});

test('the data source checks the name of its bucket as well', () => {
  expect(() =>
    stackWith((scope) => new DataLightsailBucketAccessKeys(scope, 'keys', { bucketName: 'NO' })),
  ).toThrow(/\[stack\/keys\] bucketName is "NO"/);
});

test('what only Terraform will know passes', () => {
  const stack = stackWith((scope) => {
    const variable = new TerraformVariable(scope, 'value', { type: 'string' });
    new BucketAccessKey(scope, 'uploads', {
      bucketName: variable.stringValue,
      secret: SecretDestination.file({ path: variable.stringValue }),
      verify: variable.booleanValue,
      verifyTimeoutSeconds: Token.asNumber(variable.value),
      rotation: {
        afterDays: variable.numberValue,
        overlapHours: Token.asNumber(variable.value),
        onStillUsed: variable.stringValue as 'block',
      },
      hooks: {
        afterCreate: { command: variable.listValue, timeoutSeconds: variable.numberValue },
        beforeDelete: { command: [variable.stringValue], onFailure: variable.stringValue as 'fail' },
      },
    });
    new LightsailProvider(scope, 'lightsail', {
      endpoints: { lightsail: variable.stringValue },
      maxAttempts: variable.numberValue,
    });
  });
  expect(() => Testing.fullSynth(stack)).not.toThrow();
});

test('everything that is wrong is said at once', () => {
  const synthesis = synthesizeKey({ bucketName: 'NO', verifyTimeoutSeconds: 0 });
  expect(synthesis).toThrow(/bucketName is "NO"/);
  expect(synthesis).toThrow(/verifyTimeoutSeconds/);
});

test.each(['localhost:4566', 'ftp://127.0.0.1', ''])('the endpoint "%s" is refused', (lightsail) => {
  expect(synthesizeProvider({ endpoints: { lightsail } })).toThrow(
    /\[stack\/lightsail\] endpoints\.lightsail is/,
  );
});

test.each([0, 101])('%s attempts are refused', (maxAttempts) => {
  expect(synthesizeProvider({ maxAttempts })).toThrow(/maxAttempts is .* from 1 to 100/);
});

test('a role that STS would refuse to assume is refused, and a token passes', () => {
  const roleArn = 'arn:aws:iam::123456789012:role/keys';
  expect(synthesizeProvider({ assumeRole: { roleArn, duration: '60s', policy: '{' } })).toThrow(
    /assumeRole\.duration: "60s" is not[^]+assumeRole\.policy: is not a JSON object/,
  );
  const token = Token.asString({ later: true });
  const role = { roleArn: '${var.role}', policyArns: [token], tags: { team: token }, duration: token };
  expect(synthesizeProvider({ assumeRole: role })).not.toThrow();
});
