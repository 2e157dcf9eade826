import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { ProviderPackage } from './provider-package.js';

/** Where synthesis places the provider, seen from the stack's folder: Terraform resolves it there, also under -chdir. */
export const PLUGINS = 'terraform.d/plugins';

const MIRROR = `  filesystem_mirror {
    path    = "${PLUGINS}"
    include = ["npm.invalid/*/*"]
  }`;

/**
 * A CLI configuration with which `terraform init` finds the provider from any folder: without one, Terraform looks into
 * `terraform.d/plugins` of the folder where it was started, before `-chdir`.
 */
export const CLI_CONFIGURATION = `# For terraform -chdir=DIR, which does not find the provider by itself:
#
#   TF_CLI_CONFIG_FILE=DIR/terraform.rc terraform -chdir=DIR init
provider_installation {
${MIRROR}
  direct {
    exclude = ["npm.invalid/*/*"]
  }
}
`;

/**
 * Why the Terraform of this environment would not look where synthesis has placed the provider, each with its remedy.
 * Terraform itself says only that it "could not connect to npm.invalid".
 *
 * @param folder the stack's
 */
export function cliProblems(
  folder: string,
  provider: ProviderPackage,
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  return [
    ...configurationFiles(folder, environment).flatMap((path) => {
      const installation = installationIn(path);
      return installation === null ? [] : problemOf(path, installation, folder, provider);
    }),
    ...['TF_CLI_ARGS', 'TF_CLI_ARGS_init'].flatMap((name) =>
      argumentProblem(name, environment[name] ?? '', folder, provider),
    ),
  ];
}

/** Those that Terraform or OpenTofu would read, and that exist. */
function configurationFiles(folder: string, environment: NodeJS.ProcessEnv): readonly string[] {
  const { TF_CLI_CONFIG_FILE: named, APPDATA, XDG_CONFIG_HOME } = environment;
  if (named !== undefined && named !== '') {
    // A relative one counts from where Terraform is started: the project, or the stack's folder under the command.
    const [found] = [resolve(named), resolve(folder, named)].filter((path) => existsSync(path));
    return found === undefined ? [] : [found];
  }
  const home = environment.HOME ?? homedir();
  const files = [
    join(home, '.terraformrc'),
    join(home, '.tofurc'),
    join(XDG_CONFIG_HOME ?? join(home, '.config'), 'opentofu/tofurc'),
    ...(APPDATA === undefined ? [] : [join(APPDATA, 'terraform.rc'), join(APPDATA, 'tofu.rc')]),
    ...partsIn(join(home, '.terraform.d')),
  ];
  return files.filter((path) => existsSync(path));
}

function partsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.tfrc(\.json)?$/.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The text of a `provider_installation` block, without comments; null where there is none, or none can be read. */
function installationIn(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const bare = text.replace(/("(?:\\.|[^"\\\n])*")|\/\*[^]*?\*\/|(?:#|\/\/).*/g, '$1');
  const start = /"?\bprovider_installation\b"?[\s:=[]*\{/.exec(bare);
  if (!start) return null;
  return blockAt(bare, start.index + start[0].length);
}

/** From behind an opening brace to the one that closes it. */
function blockAt(text: string, from: number): string {
  let depth = 1;
  let end = from;
  for (; end < text.length && depth > 0; end += 1) {
    if (text[end] === '{') depth += 1;
    else if (text[end] === '}') depth -= 1;
  }
  return text.slice(from, depth > 0 ? end : end - 1);
}

function problemOf(
  path: string,
  installation: string,
  folder: string,
  provider: ProviderPackage,
): readonly string[] {
  const mirrors = mirrorsIn(installation);
  const ours = mirrors.filter((mirror) => servesUs(mirror, folder, provider));
  if (ours.some(({ path: mirror }) => holds(mirror, folder, provider))) return [];
  const [outdated] = ours.filter(({ include }) => include !== null);
  if (outdated)
    return [
      `${path} has Terraform look for this package's provider in ${outdated.path}, which does not hold version ` +
        `${provider.version}: "terraform init" will fail, and no access key can be managed. Run: ` +
        `npx lightsail-access-key mirror ${resolve(folder, outdated.path)}`,
    ];
  return [
    `${path} has a provider_installation block, with which Terraform does not look into ${PLUGINS} of the stack's folder: ` +
      `"terraform init" will say "could not connect to npm.invalid", and no access key can be managed. Add to that block\n\n` +
      `${MIRROR}\n\nand exclude = ["npm.invalid/*/*"] to each other method in it.`,
  ];
}

interface Mirror {
  readonly path: string;
  /** Null: for every provider. */
  readonly include: string | null;
}

function mirrorsIn(installation: string): readonly Mirror[] {
  return [...installation.matchAll(/"?\bfilesystem_mirror\b"?[\s:=[]*\{/g)].flatMap((start) => {
    const body = blockAt(installation, start.index + start[0].length);
    const path = /"?\bpath\b"?\s*[:=]\s*"([^"]*)"/.exec(body)?.[1];
    const include = /"?\binclude\b"?\s*[:=]\s*\[([^\]]*)\]/.exec(body)?.[1];
    return path === undefined ? [] : [{ path, include: include ?? null }];
  });
}

function servesUs({ path, include }: Mirror, folder: string, provider: ProviderPackage): boolean {
  if (include !== null) return /"(npm\.invalid|\*)\//.test(include);
  return holds(path, folder, provider);
}

function holds(path: string, folder: string, { source, version }: ProviderPackage): boolean {
  return existsSync(join(isAbsolute(path) ? path : resolve(folder, path), source, version));
}

function argumentProblem(
  name: string,
  value: string,
  folder: string,
  provider: ProviderPackage,
): readonly string[] {
  const given = [...value.matchAll(/-plugin-dir[= ](?:"([^"]*)"|'([^']*)'|(\S+))/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  if (given.length === 0 || given.some((path) => holds(path, folder, provider))) return [];
  return [
    `${name} has Terraform look for providers in ${given.join(', ')} alone, where this package's is not: "terraform init" ` +
      `will fail, and no access key can be managed. Add -plugin-dir=${PLUGINS} to it: it may be given several times.`,
  ];
}
