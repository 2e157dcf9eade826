import { createRequire } from 'node:module';
import { type Framework, FRAMEWORKS } from '../../contract/frameworks.js';

/** The build for the other framework writes its name here. */
const OWN = 'cdktf' as keyof typeof FRAMEWORKS;

/** What these constructs are built on. */
export const FRAMEWORK: Framework = FRAMEWORKS[OWN];

/** What they are not built on. */
export const OTHERS = Object.values<Framework>(FRAMEWORKS).filter((each) => each !== FRAMEWORK);

/** Imported before all that needs the framework: where that is not installed, Node would name a package and no remedy. */
try {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it has to be caught
  require('cdktf');
} catch (cause) {
  throw isMissing(cause) ? new Error(remedy(), { cause }) : cause;
}

/** The framework itself, not something that it needs. */
function isMissing(cause: unknown): boolean {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'MODULE_NOT_FOUND' && message.includes(`'${FRAMEWORK.package}'`);
}

function remedy(): string {
  const { name, package: needed, entry } = FRAMEWORK;
  const found = OTHERS.find((other) => isInstalled(other.package));
  return (
    `"${entry}" needs ${name}, and the package ${needed} is not installed. No access key is touched. ` +
    (found
      ? `You have ${found.name}: import from "${found.entry}" instead.`
      : `Run npm install ${needed}; ${OTHERS.map((other) => `with ${other.name} import from "${other.entry}"`).join(', ')}.`)
  );
}

/** Not by require(): a bundler would look for the framework that its user does not have. */
function isInstalled(name: string): boolean {
  try {
    createRequire(__filename).resolve(name);
    return true;
  } catch {
    return false;
  }
}
