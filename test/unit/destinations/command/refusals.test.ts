import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DestinationError } from '../../../../src/lifecycle/destination.js';
import { CommandDestination, Written } from '../../../../src/destinations/command/store.js';
import { missingProgram } from '../../../../src/program/run-program.js';
import { formsOf } from '../../../support/secret-forms.js';
import { Secret } from '../../../../src/secret/secret.js';
import { Programs } from './programs.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

let programs: Programs;
beforeEach(() => {
  programs = new Programs();
});
afterEach(() => {
  programs.remove();
});

function destination(
  write: readonly string[],
  milliseconds = 300_000,
  remove: readonly string[] | null = null,
) {
  return new CommandDestination(
    { write, delete: remove, format: 'sdk', bucket: 'uploads', current: null, reference: null },
    new Written(),
    { milliseconds, graceMilliseconds: 100 },
  );
}

async function refusalOf(script: string, milliseconds?: number): Promise<DestinationError> {
  const target = destination([programs.file('write', `#!/bin/sh\n${script}`)], milliseconds);
  await target.stage({
    bucket: 'uploads',
    region: 'eu-central-1',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: new Secret(SECRET),
    createdAt: new Date(0),
  });
  const error: unknown = await target.promote('AKIAIOSFODNN7EXAMPLE').catch((reason: unknown) => reason);
  if (!(error instanceof DestinationError)) throw new Error('The write was not refused.');
  return error;
}

test('a failed write says the program, its exit status and what it printed', async () => {
  const { message, remedy } = await refusalOf('echo no session >&2; echo halfway; exit 7');
  expect(message).toBe(
    `The program ${join(programs.folder, 'write')} ended with exit status 7. Its standard error: no session Its standard output: halfway`,
  );
  expect(remedy).toContain('status 0');
});

test('a program that a signal ended is named with the signal', async () => {
  expect((await refusalOf('kill -9 $$')).message).toContain('was ended by SIGKILL');
});

test('a program that cannot be started is named', async () => {
  const target = destination([join(programs.folder, 'none')]);
  await target.stage({
    accessKeyId: 'A',
    secretAccessKey: new Secret(SECRET),
    bucket: 'b',
    region: 'r',
    createdAt: new Date(0),
  });
  await expect(target.promote('A')).rejects.toThrow(/could not be started.*ENOENT/);
});

test('what the program prints of the secret is taken out, in clear and encoded', async () => {
  const { message } = await refusalOf(`tee /dev/stderr; printf %s '${SECRET}' | base64; exit 1`);
  expect(message).toContain('********');
  expect(message).not.toContain(SECRET);
  expect(message).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 40));
});

test.each([
  ['in a URL', (secret: string) => encodeURIComponent(secret)],
  ['in JSON', (secret: string) => JSON.stringify({ secret }).replaceAll('/', '\\/')],
  ['in JSON in JSON', (secret: string) => JSON.stringify(JSON.stringify({ secret }))],
  ['in base64 with something before it', (secret: string) => btoa(`user:${secret}`)],
  ['in base64 for URLs', (secret: string) => Buffer.from(secret).toString('base64url')],
  ['in XML', (secret: string) => `<secret>${secret}</secret>`],
])('what the program prints of the secret is taken out %s', async (_, encode) => {
  const said = encode(SECRET);
  const { message } = await refusalOf(`printf '%s' '${said}' >&2; exit 1`);
  expect(message).toContain('********');
  for (const form of formsOf(SECRET)) expect(message).not.toContain(form);
});

test("what it prints of another key's secret is taken out as well", async () => {
  const other = 'nR4kQ0tZ/8pLwX2vB6mYc1hJ9sDfGaE3uToViKzP';
  const { message } = await refusalOf(`echo "found ${other}, gave up" >&2; exit 1`);
  expect(message).toContain('found ********, gave up');
  expect(message).not.toContain(other);
});

test('only the last part of much output is given, and no half of a secret at the cut', async () => {
  const { message } = await refusalOf(
    `node -e 'process.stderr.write("${SECRET}".repeat(9000) + "the end")'; exit 1`,
  );
  expect(message.length).toBeLessThan(4000);
  expect(message).toMatch(/the end/);
  for (let length = 8; length <= SECRET.length; length++)
    expect(message).not.toContain(SECRET.slice(-length));
});

test('a program that takes too long is stopped with all that it has started', async () => {
  // Long enough for it to begin on a busy machine.
  const { message } = await refusalOf(`echo waiting; ${programs.survivor()} wait`, 3000);
  expect(message).toContain('did not end within 3 s and was stopped. Its standard output: waiting');
  expect(await programs.survives()).toBe(false);
});

test('a program that ignores SIGTERM gets SIGKILL', async () => {
  const { message } = await refusalOf(`trap '' TERM; while :; do sleep 0.05; done`, 100);
  expect(message).toContain('did not end within 0.1 s');
});

test('a program that leaves something running behind it has ended all the same', async () => {
  const { message } = await refusalOf('echo $$ > "$0.pid"; sleep 300 & exit 4');
  expect(message).toContain('exit status 4');
  process.kill(-Number(readFileSync(join(programs.folder, 'write.pid'), 'utf8')), 'SIGKILL');
});

describe('the check at plan', () => {
  test('accepts programs on PATH and by path', async () => {
    await expect(
      destination(['sh'], 1, [programs.file('x', '#!/bin/sh\n')]).check(),
    ).resolves.toBeUndefined();
  });

  test('refuses a program that is nowhere on PATH', async () => {
    await expect(destination(['no-such-program']).check()).rejects.toThrow(
      /The program "no-such-program" is in no folder of PATH \(/,
    );
  });

  test('refuses a delete program that is not there', async () => {
    await expect(destination(['sh'], 1, ['/no/where']).check()).rejects.toThrow('"/no/where" does not exist');
  });

  test('refuses a file that is not executable, by path and on PATH', async () => {
    const path = programs.file('plain', '', 0o644);
    await expect(destination([path]).check()).rejects.toThrow('is not executable');
    expect(await missingProgram('plain', programs.folder)).toMatch(
      /is not executable by this user at .*plain/,
    );
  });

  test('refuses a folder and an empty list', async () => {
    await expect(destination([`${programs.folder}/`]).check()).rejects.toThrow('is not a file');
    await expect(destination([]).check()).rejects.toThrow('has no name');
  });

  test('finds the executable one behind another of the same name', async () => {
    const other = new Programs();
    programs.file('tool', '', 0o644);
    other.file('tool', '#!/bin/sh\n');
    expect(await missingProgram('tool', `${programs.folder}:${other.folder}`)).toBeNull();
    other.remove();
  });
});
