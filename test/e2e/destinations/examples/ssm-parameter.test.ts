import { parseEnv } from 'node:util';
import { DescribeParametersCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { TEST_CREDENTIALS } from '../../../../src/emulator/index.js';
import { Example } from '../../../support/example.js';
import { startMoto } from '../../../support/moto.js';
import { exhibitsIn, removalContexts } from '../../canary/scan.js';

test('ssm-parameter puts a pair that S3 accepts into a SecureString, and takes it away with its siblings', async () => {
  const moto = await startMoto();
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  const client = new SSMClient({
    region: 'us-east-1',
    endpoint: moto.url,
    credentials: { accessKeyId, secretAccessKey },
  });
  const ends: (() => void | Promise<void>)[] = [
    () => {
      client.destroy();
    },
    () => moto.stop(),
  ];
  try {
    const example = await Example.open('ssm-parameter', { env: { AWS_ENDPOINT_URL_SSM: moto.url } });
    ends.push(() => example.close());
    await example.apply();
    const Name = await example.output('parameter');
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    expect(Parameter).toMatchObject({ Type: 'SecureString' });
    // What an instance loads as its environment.
    const {
      AWS_ACCESS_KEY_ID = '',
      AWS_SECRET_ACCESS_KEY = '',
      AWS_REGION,
    } = parseEnv(Parameter?.Value ?? '');
    expect(example.keyIds()).toEqual([AWS_ACCESS_KEY_ID]);
    expect(await example.output('access-key-id')).toBe(AWS_ACCESS_KEY_ID);
    expect(AWS_REGION).toBe(example.emulator.region);
    await example.use({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY });
    expect(removalContexts([AWS_SECRET_ACCESS_KEY], exhibitsIn(example.folder))).toEqual([]);
    expect(await example.planAgain()).toMatchObject({ code: 0 });
    expect(await example.destroy()).toEqual([]);
    expect(example.keyIds()).toEqual([]);
    expect((await client.send(new DescribeParametersCommand({}))).Parameters).toEqual([]);
  } finally {
    for (const end of ends.reverse()) await end();
  }
});
