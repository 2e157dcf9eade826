import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsAccess } from '../../../src/aws/access.js';
import { AgeSealer } from '../../../src/destinations/age/sealer.js';
import { FileDestination } from '../../../src/destinations/file/store.js';
import { FORMATS } from '../../../src/contract/limits.js';
import type { Format } from '../../../src/destinations/format.js';
import type { ReadBack } from '../../../src/destinations/read-back.js';
import { secretsManager } from '../../../src/destinations/secrets-manager/descriptor.js';
import { SecretsManagerDestination } from '../../../src/destinations/secrets-manager/store.js';
import { SsmParameterDestination } from '../../../src/destinations/ssm-parameter/store.js';
import { VaultKvDestination } from '../../../src/destinations/vault-kv/store.js';
import type { Destination } from '../../../src/lifecycle/destination.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { OWNER } from '../../support/iam/iam.js';
import { Workbench } from '../../support/secrets-manager/workbench.js';
import { SsmWorkbench } from '../../support/ssm/workbench.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { newPair } from './contract.js';

let folder: string;
let secrets: Workbench;
let parameters: SsmWorkbench;
let parameterLane: FaultLane;
const vault = new VaultWorkbench();
let vaultLane: FaultLane;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'readers-'));
  [secrets, parameters] = await Promise.all([Workbench.open(), SsmWorkbench.open()]);
  [parameterLane, vaultLane] = await Promise.all([parameters.lane(), vault.lane()]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([secrets.close(), parameters.close(), vault.close()]);
});

/** Not the operator, who may write pairs and read none. */
function asConsumer(access: AwsAccess): AwsAccess {
  return {
    region: () => access.region(),
    clientOptions: async (...call) => ({ ...(await access.clientOptions(...call)), credentials: OWNER }),
  };
}

/** As the ephemeral resource opens it. */
function secretReader(access: AwsAccess, id: string): SecretsManagerDestination {
  const { reading } = secretsManager;
  const given = { secret_id: id, format: 'sdk' } as const;
  const read = reading.isPossible ? reading.byReference?.(given) : undefined;
  const { secret_id: secretId } = read ?? given;
  return new SecretsManagerDestination(access, { secretId, format: 'sdk' });
}

function parameterReader(access: AwsAccess, name: string): SsmParameterDestination {
  return new SsmParameterDestination(access, { name, format: 'sdk' });
}

/** A place that is ready for a pair. */
interface Place {
  destination(format: Format): Destination;
  reader(): ReadBack & Pick<Destination, 'title'>;
  /** Somebody's own value. */
  overwrite(text: string): Promise<void> | void;
}

let files = 0;
const inFile = (): Promise<Place> => {
  const path = join(folder, `key-${++files}`);
  return Promise.resolve({
    destination: (format: Format) => new FileDestination(path, format),
    reader: () => new FileDestination(path, 'sdk'),
    overwrite: (text: string) => {
      writeFileSync(path, text);
    },
  });
};
const inSecret = async (): Promise<Place> => {
  const { name } = await secrets.newSecret();
  // Grants the operator what it needs, whatever the format.
  secrets.destination(name);
  return {
    destination: (format) => new SecretsManagerDestination(secrets.access(), { secretId: name, format }),
    reader: () => secretReader(asConsumer(secrets.access()), name),
    overwrite: (text) => secrets.overwrite(name, text),
  };
};
const inParameter = (): Promise<Place> => {
  const name = parameters.newName();
  return Promise.resolve({
    destination: (format: Format) => parameters.destination(name, parameterLane, { format }),
    reader: () => parameterReader(asConsumer(parameters.access(parameterLane)), name),
    overwrite: (text: string) => parameters.put({ Name: name, Value: text }),
  });
};
const vaultReader = (path: string, token = vault.token) =>
  new VaultKvDestination(
    { address: vaultLane.url, mount: vault.mount, path, format: 'sdk' },
    { VAULT_TOKEN: token, HOME: '/nonexistent' },
  );
const inVault = (): Promise<Place> => {
  const path = vault.newPath();
  return Promise.resolve({
    destination: (format: Format) => vault.destination(path, vaultLane, { format }),
    reader: () => vaultReader(path),
    overwrite: (text: string) => vault.put(path, { value: text }),
  });
};

describe.each([
  ['a file', inFile],
  ['Secrets Manager', inSecret],
  ['a parameter', inParameter],
  ['Vault', inVault],
])('Whoever may read %s', (_name, newPlace) => {
  let place: Place;
  beforeEach(async () => {
    place = await newPlace();
  });

  it.each(FORMATS)('gets the pair back that was delivered in the format %s', async (format) => {
    const pair = newPair();
    await place.destination(format).stage(pair);
    expect(await place.reader().readBack()).toBeNull();
    await place.destination(format).promote(pair.accessKeyId);
    const read = await place.reader().readBack();
    expect(read?.accessKeyId).toBe(pair.accessKeyId);
    expect(read?.secretAccessKey.reveal()).toBe(pair.secretAccessKey.reveal());
    expect(JSON.stringify(read)).not.toContain(pair.secretAccessKey.reveal());
  });

  it('gets the promoted pair while the next one is on its way, in another format', async () => {
    const [old, next] = [newPair(), newPair()];
    await place.destination('sdk').stage(old);
    await place.destination('sdk').promote(old.accessKeyId);
    await place.destination('env').stage(next);
    expect((await place.reader().readBack())?.accessKeyId).toBe(old.accessKeyId);
    await place.destination('env').promote(next.accessKeyId);
    expect((await place.reader().readBack())?.accessKeyId).toBe(next.accessKeyId);
  });

  it('gets nothing before the first pair, and nothing after the last was removed', async () => {
    expect(await place.reader().readBack()).toBeNull();
    const pair = newPair();
    await place.destination('sdk').stage(pair);
    await place.destination('sdk').promote(pair.accessKeyId);
    await place.destination('sdk').remove(pair.accessKeyId);
    expect(await place.reader().readBack()).toBeNull();
  });

  it.each([
    ['words', 'somebody/elses+secret'],
    [
      'a pair with more behind it',
      'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=somebody/elses+secret\nAWS_REGION=r\nMORE=1\n',
    ],
    ['half of a pair', 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=somebody/elses+sec'],
  ])('is told that there is something else, and not what: %s', async (_what, text) => {
    await place.overwrite(text);
    const error: unknown = await place
      .reader()
      .readBack()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: `${place.reader().title} holds something that is not a pair as this provider writes it.`,
    });
    expect(JSON.stringify(error)).not.toContain('elses');
  });
});

describe('A file', () => {
  it('that is sealed, or too large, or a folder, gives no pair and says why', async () => {
    const path = join(folder, 'odd');
    const pair = newPair();
    const recipient = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
    const sealed = new FileDestination(path, 'sdk', new AgeSealer([recipient]));
    await sealed.stage(pair);
    await sealed.promote(pair.accessKeyId);
    await expect(new FileDestination(path, 'sdk').readBack()).rejects.toThrow('holds age ciphertext');
    // Node reads no file of that size into memory, and would say so.
    truncateSync(path, 3 * 1024 ** 3);
    await expect(new FileDestination(path, 'sdk').readBack()).rejects.toThrow('not a pair');
    rmSync(path);
    mkdirSync(path);
    await expect(new FileDestination(path, 'sdk').readBack()).rejects.toThrow('not a pair');
  });

  it('whose folder is missing is not one without a pair', async () => {
    await expect(new FileDestination(join(folder, 'no/such/key'), 'sdk').readBack()).rejects.toThrow(
      'There is no folder',
    );
  });

  it('that this user may not read is said to be so', async () => {
    const path = join(folder, 'locked');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    await withoutRootsRights(() =>
      expect(new FileDestination(path, 'sdk').readBack()).rejects.toMatchObject({
        message: expect.stringContaining('cannot be read by this user (EACCES)') as string,
        remedy: expect.stringContaining('0600') as string,
      }),
    );
  });
});

/** Root may read every file: for a moment the process is somebody else. */
async function withoutRootsRights(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) {
    chmodSync(folder, 0o755);
    process.seteuid?.(65534);
  }
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** The way to AWS for somebody who gets no answer to DescribeSecret. */
class WithoutDescriptions extends NodeHttpHandler {
  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    const isAsked = request.headers['x-amz-target']?.endsWith('.DescribeSecret');
    return isAsked ? Promise.reject(new Error('no')) : super.handle(request, options);
  }
}

describe('A secret of Secrets Manager', () => {
  const reader = (id: string) => secretReader(asConsumer(secrets.access()), id);

  async function delivered() {
    const { name, arn } = await secrets.newSecret();
    const pair = newPair();
    await secrets.destination(name).stage(pair);
    const { reference } = await secrets.destination(name).promote(pair.accessKeyId);
    return { name, arn, pair, reference: reference ?? '' };
  }

  it('is found by its name, its ARN, and what secret_reference says', async () => {
    const { name, arn, pair, reference } = await delivered();
    expect(reference).toBe(`${arn}:::lightsail-access-key-${pair.accessKeyId}`);
    for (const id of [name, arn, reference]) {
      expect((await reader(id).readBack())?.accessKeyId).toBe(pair.accessKeyId);
    }
  });

  it('may hold the text of a pair under a version that is none of ours: that is not read', async () => {
    const { name } = await delivered();
    await secrets.overwrite(name, (await secrets.consumed(name)) ?? '');
    await expect(reader(name).readBack()).rejects.toThrow('not a pair');
  });

  it('that is not there, or is going to be deleted, is told from one without a value', async () => {
    await expect(reader('missing').readBack()).rejects.toThrow('There is no secret missing');
    const { name } = await delivered();
    await secrets.owner.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));
    await expect(reader(name).readBack()).rejects.toThrow('scheduled for deletion');
  });

  it('without a value is not said to be missing where only its description would tell', async () => {
    const { name } = await secrets.newSecret();
    const access = asConsumer(secrets.access(new WithoutDescriptions(), 1));
    await expect(secretReader(access, name).readBack()).rejects.toThrow(
      `secret ${name} does not exist, or has no value yet`,
    );
  });

  it('cannot be read by who may only make keys, and the right that is missing is named', async () => {
    const { name } = await delivered();
    await expect(secretReader(secrets.access(), name).readBack()).rejects.toMatchObject({
      message: expect.stringContaining(`may not read the live secret ${name}`) as string,
      remedy: expect.stringContaining('Allow secretsmanager:GetSecretValue') as string,
    });
  });
});

describe('An SSM parameter', () => {
  it('cannot be read by who may only make keys, and the right that is missing is named', async () => {
    const name = parameters.newName();
    await parameters.put({ Name: name });
    const reader = parameterReader(parameters.access(parameterLane), name);
    await expect(reader.readBack()).rejects.toMatchObject({
      message: expect.stringContaining(`may not read the live secret in SSM parameter ${name}`) as string,
      remedy: expect.stringContaining('Allow ssm:GetParameter') as string,
    });
  });
});

describe('A secret of Vault', () => {
  it('of a mount that is not there is told from one without a value', async () => {
    const reader = new VaultKvDestination(
      { address: vaultLane.url, mount: 'nowhere', path: 'app', format: 'sdk' },
      { VAULT_TOKEN: vault.token, HOME: '/nonexistent' },
    );
    await expect(reader.readBack()).rejects.toThrow('Vault knows no nowhere/data/app');
  });

  it('cannot be read with a token that lacks the right, which is named', async () => {
    const path = vault.newPath();
    const data = `${vault.mount}/data/${path}`;
    const { token } = await vault.operator.limited({ [data]: ['create', 'update'] });
    await vault.put(path);
    await expect(vaultReader(path, token).readBack()).rejects.toMatchObject({
      message: expect.stringContaining(`does not permit read on ${data}`) as string,
      remedy: expect.stringContaining('capabilities = ["read"]') as string,
    });
  });

  it('is waited for by its reference, from which mount and namespace are taken away', () => {
    const path = vault.newPath();
    for (const namespace of [undefined, 'team/a']) {
      const options = { address: vaultLane.url, mount: vault.mount, path, ...(namespace && { namespace }) };
      const { reference } = vault.destination(path, vaultLane, options);
      const [, above = ''] =
        /"(.+)"\)$/.exec(new VaultKvDestination({ ...options, format: 'sdk' }, {}).waiting) ?? [];
      expect(above + path).toBe(reference);
    }
  });

  it('gives the pair back however its keys are ordered, and whatever else was added to them', async () => {
    const path = vault.newPath();
    const pair = newPair();
    await vault.put(path, {
      secretAccessKey: pair.secretAccessKey.reveal(),
      region: pair.region,
      note: 'ours',
      createdAt: pair.createdAt?.toISOString(),
      bucketName: pair.bucket,
      accessKeyId: pair.accessKeyId,
    });
    expect((await vaultReader(path).readBack())?.secretAccessKey.reveal()).toBe(
      pair.secretAccessKey.reveal(),
    );
  });
});
