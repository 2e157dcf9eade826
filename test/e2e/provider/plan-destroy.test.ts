import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

interface LogLine {
  readonly '@message': string;
  readonly tf_rpc?: string;
  readonly planned_as?: string;
}

describe('A destroy', () => {
  const KEY = stack({ key: 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }' });
  let emulator: Emulator;
  let terraform: Terraform;
  let trace: string;

  beforeAll(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('main.tf', KEY);
    await terraform.succeeds('init');
    trace = join(terraform.folder, 'trace.log');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });
  beforeEach(async () => {
    await terraform.write('main.tf', KEY);
    await terraform.succeeds('apply', '-auto-approve');
    Object.assign(terraform.env, { TF_LOG: 'JSON', TF_LOG_PATH: trace });
  });
  afterEach(() => {
    delete terraform.env.TF_LOG;
    delete terraform.env.TF_LOG_PATH;
    rmSync(trace, { force: true });
  });

  /** What the provider has written down of its own work. */
  function logged(): LogLine[] {
    return readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  it.each([
    ['with a refresh', []],
    ['without one', ['-refresh=false']],
  ])('is planned by the provider %s, and the deletion gets what that plan remembered', async (_, options) => {
    await terraform.succeeds('destroy', '-auto-approve', ...options);
    const deletion = logged().find((line) => line['@message'] === 'Deleting keys');
    expect(deletion).toMatchObject({ planned_as: 'delete' });
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('by taking the block away is planned by the provider as well', async () => {
    await terraform.write('main.tf', stack({}));
    await terraform.succeeds('apply', '-auto-approve');
    const deletion = logged().find((line) => line['@message'] === 'Deleting keys');
    expect(deletion).toMatchObject({ planned_as: 'delete' });
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('from a saved plan deletes what that plan has named', async () => {
    await terraform.succeeds('plan', '-destroy', '-out=saved.plan');
    await terraform.succeeds('apply', 'saved.plan');
    expect(logged().find((line) => line['@message'] === 'Deleting keys')).toMatchObject({
      planned_as: 'delete',
    });
    expect(emulator.keys('uploads')).toEqual([]);
  });
});
