import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { builtEdition, type Edition } from '../../support/reliability/edition.js';
import { WatchedRun } from './watched-run.js';

let edition: Edition;
let run: WatchedRun;
beforeAll(() => {
  edition = builtEdition();
});
afterAll(() => {
  edition.remove();
});
beforeEach(async () => {
  run = await WatchedRun.begin(edition);
  await run.configure('data "lightsail_bucket_access_keys" "all" {\n bucket_name = "others"\n}');
  await run.run('init', '-no-color');
});
afterEach(() => run.end());

/** Holds the provider at a call to AWS, and answers what a test finds out about its process. */
async function whileItWorks<T>(look: (pid: number) => Promise<T> | T): Promise<T> {
  let found: T | undefined;
  let problem: unknown;
  run.emulator.onCall(async (point, { operation }) => {
    if (point !== 'received' || operation !== 'GetBucketAccessKeys' || found !== undefined) return;
    try {
      found = await look(providerProcess());
    } catch (error) {
      problem = error;
    }
  });
  const outcome = await run.run('plan', '-no-color');
  if (problem) throw problem as Error;
  if (found === undefined) throw new Error(`Nothing was found: ${outcome.stdout}${outcome.stderr}`);
  expect(outcome.code).toBe(0);
  return found;
}

function providerProcess(): number {
  const pid = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return (
        readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('start.cjs') &&
        readFileSync(`/proc/${name}/environ`, 'utf8').includes(run.scratch)
      );
    } catch {
      return false;
    }
  });
  if (pid === undefined) throw new Error('There is no provider process.');
  return Number(pid);
}

/** The local addresses on which a process listens for TCP connections. */
function listening(pid: number): string[] {
  const inodes = new Set<string | undefined>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      inodes.add(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]);
    } catch {
      // Closed meanwhile.
    }
  }
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && inodes.has(fields[9]))
      .map((fields) => fields[1] ?? ''),
  );
}

describe('The process that holds secrets', () => {
  it('leaves no core dump, and says nothing in its arguments', async () => {
    const [limits, args] = await whileItWorks((pid) => [
      readFileSync(`/proc/${pid}/limits`, 'utf8'),
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean),
    ]);
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(args).toHaveLength(2);
    expect(args[0]).toMatch(/node$/);
    expect(args[1]).toMatch(/start\.cjs$/);
  });

  it('opens no inspector: not by NODE_OPTIONS, and not by SIGUSR1', async () => {
    const before = await whileItWorks(async (pid) => {
      const open = listening(pid);
      process.kill(pid, 'SIGUSR1');
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { open, later: listening(pid) };
    });
    expect(before).toEqual({ open: [], later: [] });
  });
});
