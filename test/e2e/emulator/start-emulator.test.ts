import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from 'cdktf-lightsail-access-key/emulator';
import { run } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

/** Another process asks, while this one does nothing but wait for it. */
function askSynchronously(url: string): unknown {
  const code = `fetch('${url}/_emulator/state').then((answer) => answer.text()).then(console.log)`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8', timeout: 300_000 }));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

test('answers a program for which its starter waits, and can be steered', async () => {
  const emulator = await startEmulator({ buckets: ['uploads'], region: 'eu-central-1' });
  try {
    expect(askSynchronously(emulator.url)).toMatchObject({
      region: 'eu-central-1',
      buckets: [{ name: 'uploads', keys: [] }],
    });
    expect(emulator.env).toMatchObject({
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_LIGHTSAIL: emulator.url,
    });
    const { accessKeyId } = await emulator.makeStrangerKey('uploads');
    expect(await emulator.keys('uploads')).toMatchObject([{ accessKeyId }]);
    expect(await emulator.keys('elsewhere')).toEqual([]);
  } finally {
    await emulator.close();
  }
});

test('its process is gone when close() has come back, as often as it is called', async () => {
  const emulator = await startEmulator();
  const pid = emulator.pid ?? 0;
  expect(isRunning(pid)).toBe(true);
  await emulator.close();
  expect(isRunning(pid)).toBe(false);
  await emulator.close();
});

test('where it cannot listen it says so, and leaves no process', async () => {
  const emulator = await startEmulator();
  try {
    const port = Number(new URL(emulator.url).port);
    await expect(startEmulator({ port })).rejects.toThrow(
      /^The emulator did not start: .*EADDRINUSE.* 127\.0\.0\.1/,
    );
  } finally {
    await emulator.close();
  }
});

const kinds = {
  'main.cjs': "const { startEmulator } = require('cdktf-lightsail-access-key/emulator');",
  'main.mjs': "import { startEmulator } from 'cdktf-lightsail-access-key/emulator';",
};

/** Runs a program of either kind of module that starts an emulator, says its process's ID, and then does this. */
async function starter(
  name: keyof typeof kinds,
  then: string,
): Promise<{ code: number | null; pid: number }> {
  // Below the repository's root the package finds itself by its name.
  const folder = temporaryFolder('starter');
  const path = join(folder, name);
  const found = join(repository, 'dist/lib/emulator/index.js');
  const code = kinds[name].replace('cdktf-lightsail-access-key/emulator', found);
  writeFileSync(
    path,
    `${code}\nstartEmulator().then((emulator) => { console.log(emulator.pid); ${then} });\n`,
  );
  // Its own inspector must not be the emulator's, too, which would find the port taken.
  const env = { ...process.env, NODE_OPTIONS: '--inspect=127.0.0.1:0' };
  const outcome = await run(process.execPath, [path], { cwd: folder, env });
  return { code: outcome.code, pid: Number(outcome.stdout) };
}

describe.each(['main.cjs', 'main.mjs'] as const)('a program %s that has started one', (name) => {
  test('ends by itself although it did not close it, and takes it along', async () => {
    const { code, pid } = await starter(name, '');
    expect(code).toBe(0);
    expect(pid).toBeGreaterThan(0);
    await untilGone(pid);
  });

  test('takes it along when it is killed', async () => {
    const { code, pid } = await starter(name, "process.kill(process.pid, 'SIGKILL');");
    expect(code).toBeNull();
    expect(pid).toBeGreaterThan(0);
    await untilGone(pid);
  });
});
