import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Why a program cannot be started, or null. It looks where the system does: on PATH, or at a path as it is. */
export async function missingProgram(name: string, path = process.env.PATH ?? ''): Promise<string | null> {
  if (name === '') return 'has no name';
  if (name.includes('/')) {
    const reason = await notExecutable(name);
    return reason === null
      ? null
      : `${reason} (relative paths count from the folder in which Terraform runs)`;
  }
  const folders = path.split(':').filter((folder) => folder !== '');
  let reason = `is in no folder of PATH (${folders.join(', ') || 'which is empty'})`;
  for (const folder of folders) {
    const found = await notExecutable(join(folder, name));
    if (found === null) return null;
    if (found !== ABSENT) reason = `${found} at ${join(folder, name)}`;
  }
  return reason;
}

/** The same words for what starts the same program with the same files, however they are written. */
export function asStarted(argv: readonly string[], path = process.env.PATH ?? ''): readonly string[] {
  const [name = '', ...rest] = argv;
  const places = name.includes('/') ? [name] : path.split(':').map((folder) => folder && join(folder, name));
  const program = places.find(isProgram);
  return [program === undefined ? name : realpathSync.native(program), ...rest.map(asFile)];
}

/** Whether this user may start what is there. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function asFile(argument: string): string {
  try {
    return argument.includes('/') ? realpathSync.native(argument) : argument;
  } catch {
    return argument;
  }
}

const ABSENT = 'does not exist';

async function notExecutable(path: string): Promise<string | null> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return 'is not a file';
    await access(path, constants.X_OK);
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENOENT', 'ENOTDIR'].includes(code) ? ABSENT : 'is not executable by this user';
  }
}
