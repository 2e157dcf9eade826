import { rmSync } from 'node:fs';
import { Bench, KEY } from '../../support/destinations/bench.js';
import { Programs } from '../../unit/destinations/command/programs.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

interface Message {
  readonly event: 'write' | 'delete';
  readonly accessKeyId: string;
  readonly secretAccessKey?: string;
  readonly content?: string;
}

describe("A key whose secret goes to the author's own program", () => {
  let bench: Bench;
  let programs: Programs;
  beforeAll(async () => {
    bench = await Bench.open();
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.begin();
    programs = new Programs();
  });
  afterEach(() => {
    programs.remove();
  });

  const route = (write: string, del: string, format = 'sdk') =>
    `command {\nwrite = ["${write}", "uploads"]\ndelete = ["${del}", "uploads"]\nformat = "${format}"\n}`;

  const messages = (name: string) => programs.runs(name).map(({ stdin }) => JSON.parse(stdin) as Message);

  it('gets the pair on its standard input and nowhere else, and is told what to remove', async () => {
    const write = programs.recorder(
      'write',
      `console.log(JSON.stringify({ reference: 'op://vault/uploads' }));`,
    );
    const remove = programs.recorder('remove');
    await bench.apply(route(write, remove, 'env'));
    const pair = bench.onlyKey;
    const [run] = programs.runs('write');
    expect(messages('write')).toEqual([
      expect.objectContaining({ version: 1, event: 'write', bucketName: 'uploads', ...pair }),
    ]);
    expect(messages('write')[0]?.content).toContain(`AWS_SECRET_ACCESS_KEY=${pair.secretAccessKey}\n`);
    const around = Buffer.from(JSON.stringify([run?.argv, run?.env]));
    expect(removalContexts([pair.secretAccessKey], new Map([['arguments and environment', around]]))).toEqual(
      [],
    );
    expect(bench.values).toMatchObject({ secret_reference: 'op://vault/uploads', secret_access_key: null });

    expect((await bench.plan('-out=same.tfplan')).code).toBe(0);
    expect(removalContexts([pair.secretAccessKey], exhibitsIn(bench.terraform.folder))).toEqual([]);
    expect((await bench.run('destroy', '-auto-approve')).code).toBe(0);
    expect(bench.keyIds).toEqual([]);
    expect(messages('remove')).toMatchObject([{ event: 'delete', accessKeyId: pair.accessKeyId }]);
  });

  it('is not told to remove the new pair when the old key goes after it', async () => {
    const [write, remove] = [programs.recorder('write'), programs.recorder('remove')];
    await bench.apply(route(write, remove), 'lifecycle { create_before_destroy = true }');
    const old = bench.onlyKey.accessKeyId;
    expect((await bench.run('apply', '-auto-approve', `-replace=${KEY}`)).code).toBe(0);
    expect(messages('write').map(({ accessKeyId }) => accessKeyId)).toEqual([old, bench.onlyKey.accessKeyId]);
    expect(messages('remove')).toEqual([]);
    expect((await bench.plan()).code).toBe(0);
  });

  it('deletes the key again where the program fails, and shows what it said without the secret', async () => {
    const write = programs.recorder(
      'write',
      `process.stderr.write('no such vault: ' + JSON.parse(run.stdin).secretAccessKey + '\\n'); process.exit(3);`,
    );
    await bench.configure(route(write, write));
    const { code, said } = await bench.run('apply', '-auto-approve');
    expect(code).toBe(1);
    expect(said).toContain(
      `The program ${write} ended with exit status 3. Its standard error: no such vault: `,
    );
    const [{ secretAccessKey = '', accessKeyId } = { accessKeyId: '' }] = messages('write');
    expect(said).toContain(`key ${accessKeyId} of bucket uploads was deleted again`);
    expect(removalContexts([secretAccessKey], new Map([['said', Buffer.from(said)]]))).toEqual([]);
    expect(bench.keyIds).toEqual([]);
  });

  it('is replaced where its creation has failed and its author takes the taint away', async () => {
    const write = programs.recorder('write', `process.exit(3);`);
    bench.emulator.faults.add({
      operation: 'DeleteBucketAccessKey',
      kind: 'error',
      when: 'before',
      type: 'AccessDeniedException',
      status: 403,
      times: 'always',
    });
    await bench.configure(route(write, write), 'rotation { overlap_hours = 0 }');
    expect((await bench.run('apply', '-auto-approve')).code).toBe(1);
    const lost = bench.onlyKey.accessKeyId;
    bench.emulator.faults.clear();
    programs.recorder('write');
    expect((await bench.run('untaint', KEY)).code).toBe(0);
    const { code, said } = await bench.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${lost} of bucket uploads will be replaced by a new one`);
    expect((await bench.run('apply', '-auto-approve')).code).toBe(0);
    expect(bench.keyIds).not.toContain(lost);
    expect(messages('write').at(-1)?.accessKeyId).toBe(bench.onlyKey.accessKeyId);
    expect((await bench.plan()).code).toBe(0);
  });

  it('is looked for while planning', async () => {
    const write = programs.recorder('write');
    rmSync(write);
    const { code, said } = await bench.firstPlan(route(write, write));
    expect(code).toBe(1);
    expect(said).toContain(`The program "${write}"`);
    expect(said).toMatch(
      /on main\.tf line \d+, in resource "lightsail_bucket_access_key" "key": \d+: {3}secret \{/,
    );
  });

  it('has no journal: the key of a run that was killed meanwhile is named by every plan, and not deleted', async () => {
    const write = programs.recorder('write', `process.kill(process.ppid, 'SIGKILL');`);
    const remove = programs.recorder('remove');
    await bench.configure(route(write, remove), 'exclusive = true');
    expect((await bench.run('apply', '-auto-approve')).code).toBe(1);
    const lost = bench.onlyKey.accessKeyId;
    const { said } = await bench.apply(route(programs.recorder('write'), remove), 'exclusive = true');
    expect(said).toContain(`Bucket uploads already holds key ${lost}`);
    expect(bench.keyIds).toHaveLength(2);
    expect(bench.keyIds).toContain(lost);
    expect(messages('write').at(-1)?.accessKeyId).toBe(bench.values.access_key_id);
  });

  it('may have been given the pair of a rotation that was killed, and the plan says so', async () => {
    const [write, remove] = [programs.recorder('write'), programs.recorder('remove')];
    await bench.apply(route(write, remove), 'rotation { keepers = { version = "1" } }');
    const { accessKeyId } = bench.onlyKey;
    programs.recorder('write', `process.kill(process.ppid, 'SIGKILL');`);
    await bench.configure(route(write, remove), 'rotation { keepers = { version = "2" } }');
    expect((await bench.run('apply', '-auto-approve')).code).toBe(1);
    programs.recorder('write');
    await bench.configure(route(write, remove), 'rotation { keepers = { version = "1" } }');
    const { said } = await bench.plan();
    const [given] = bench.keyIds.filter((id) => id !== accessKeyId);
    expect(said).toContain(
      `An interrupted run has perhaps given its pair to command ${write}, in the place of the pair of key ${accessKeyId}. Unless you know that it has not, delete key ${given ?? ''}, and change rotation.keepers`,
    );
  });
});
