import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

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
