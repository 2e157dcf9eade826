import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is wrong, and what helps, in sentences. */
export type Diagnosis = readonly [what: string, remedy: string];

type Section = Readonly<Record<string, string | undefined>>;
type Sections = Readonly<Record<string, Section | undefined>>;

/** Where the SDK looks for credentials. */
export interface Sources {
  /** That is set explicitly. */
  readonly profile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: { readonly configFile: Sections; readonly credentialsFile: Sections };
}

/**
 * Why the SDK has found no credentials. Its own errors name neither file nor section, and some of them quote a program's
 * output. Null where nothing in its sources is wrong by itself.
 */
export async function diagnose(sources: Sources): Promise<Diagnosis | null> {
  const { profile, env } = sources;
  return (
    (profile === undefined ? halfSet(env) : null) ??
    (await unreadableFile(sources)) ??
    missingProfile(sources) ??
    (await wrongProfile(sources, profile ?? 'default', [])) ??
    (await wrongTokenFile('AWS_WEB_IDENTITY_TOKEN_FILE', env.AWS_WEB_IDENTITY_TOKEN_FILE)) ??
    (env.AWS_WEB_IDENTITY_TOKEN_FILE && !env.AWS_ROLE_ARN
      ? ([
          'AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not.',
          'Set AWS_ROLE_ARN to the role that the token is for.',
        ] as const)
      : null) ??
    (await wrongContainer(env))
  );
}

/** A profile that is named and in no file; null where none is named, or it is there. */
export function missingProfile({ profile, env, files }: Sources): Diagnosis | null {
  if (profile === undefined || profile === '' || sectionOf(files, profile)) return null;
  const { config, credentials } = pathsOf(env);
  return [
    `There is no profile ${profile} in ${config} or ${credentials}.`,
    `Add [profile ${profile}] to the former or [${profile}] to the latter, or correct AWS_PROFILE or profile in the provider block.`,
  ];
}

function halfSet(env: Sources['env']): Diagnosis | null {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
  const set = names.find((name) => env[name]);
  const missing = names.find((name) => !env[name]);
  return set && missing
    ? [`${set} is set, and ${missing} is not.`, `Set ${missing}, or neither of both.`]
    : null;
}

/** The SDK takes a file that it may not read for one that is empty. */
async function unreadableFile({ env }: Sources): Promise<Diagnosis | null> {
  for (const path of Object.values(pathsOf(env))) {
    const code = await whyUnreadable(path);
    if (code !== null && code !== 'ENOENT') {
      return [`The shared AWS file ${path} cannot be read (${code}).`, 'Correct its rights.'];
    }
  }
  return null;
}

async function wrongProfile(
  sources: Sources,
  name: string,
  above: readonly string[],
): Promise<Diagnosis | null> {
  const { files, env } = sources;
  const section = sectionOf(files, name);
  if (!section || above.includes(name)) return null;
  const { config } = pathsOf(env);
  const { source_profile: source, role_arn: role, credential_source: place } = section;
  const token = section.web_identity_token_file;
  if (token) return wrongTokenFile(`web_identity_token_file of profile ${name}`, token);
  if (role && !source && !place) {
    return [
      `Profile ${name} has a role_arn, and neither source_profile nor credential_source.`,
      `Add one of them to the profile in ${config}: with whose credentials the role is assumed.`,
    ];
  }
  if (role && source && !sectionOf(files, source)) {
    return [
      `Profile ${name} names source_profile ${source}, and there is no such profile in ${config} or ${pathsOf(env).credentials}.`,
      `Add [profile ${source}], or correct source_profile of profile ${name}.`,
    ];
  }
  if (role && source) return wrongProfile(sources, source, [...above, name]);
  return wrongSso(sources, name, section) ?? wrongProcess(name, section, config);
}

function wrongSso({ files, env }: Sources, name: string, section: Section): Diagnosis | null {
  const { sso_session: session } = section;
  if (!session && !section.sso_start_url) return null;
  const { config } = pathsOf(env);
  const shared = session ? files.configFile[`sso-session.${session}`] : {};
  if (!shared) {
    return [
      `Profile ${name} names the SSO session ${session ?? ''}, and ${config} has no [sso-session ${session ?? ''}].`,
      `Add that section, or correct sso_session of profile ${name}.`,
    ];
  }
  const all = { ...section, ...shared };
  const needed = ['sso_start_url', 'sso_region', 'sso_account_id', 'sso_role_name'] as const;
  const missing = needed.filter((key) => !all[key]);
  return missing.length > 0
    ? [
        `Profile ${name} in ${config} lacks ${missing.join(', ')} for its SSO session.`,
        'Add what is missing.',
      ]
    : [
        `The SSO session of profile ${name} has expired, or was never begun.`,
        `Sign in: aws sso login --profile ${name}.`,
      ];
}

function wrongProcess(name: string, section: Section, config: string): Diagnosis | null {
  if (!section.credential_process || section.aws_access_key_id) return null;
  return [
    `The credential_process of profile ${name} failed, or did not print credentials as JSON of version 1.`,
    `Run the command that stands at credential_process in ${config} by hand: it says why.`,
  ];
}

async function wrongTokenFile(what: string, path: string | undefined): Promise<Diagnosis | null> {
  const code = path ? await whyUnreadable(path) : null;
  return code === null
    ? null
    : [
        `The web identity token file ${path ?? ''} cannot be read (${code}); ${what} names it.`,
        'See that it is mounted where this runs, or correct its path.',
      ];
}

async function wrongContainer(env: Sources['env']): Promise<Diagnosis | null> {
  const name = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'].find(
    (each) => env[each],
  );
  if (!name) return null;
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const code = file ? await whyUnreadable(file) : null;
  return code === null
    ? [
        `The address that ${name} names gave none, or is not one that the SDK may ask.`,
        `See that it can be reached from here, or unset ${name}; it has to be HTTPS, loopback, or the address of ECS or EKS.`,
      ]
    : [
        `The file ${file ?? ''} that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names cannot be read (${code}).`,
        'See that it is mounted where this runs, or correct its path.',
      ];
}

function sectionOf({ configFile, credentialsFile }: Sources['files'], name: string): Section | null {
  const [config, credentials] = [configFile[name], credentialsFile[name]];
  return config || credentials ? { ...config, ...credentials } : null;
}

/** The files with tokens that the environment and the profile name, with those above it. */
export function tokenFilesOf({ profile, env, files }: Sources): readonly string[] {
  const seen = new Set<string>();
  const named = [env.AWS_WEB_IDENTITY_TOKEN_FILE, env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE];
  for (let name: string | undefined = profile ?? 'default'; name && !seen.has(name);) {
    seen.add(name);
    const section: Section | null = sectionOf(files, name);
    named.push(section?.web_identity_token_file);
    name = section?.source_profile;
  }
  return named.filter((path): path is string => Boolean(path));
}

export function pathsOf(env: Sources['env']): { readonly config: string; readonly credentials: string } {
  return {
    config: env.AWS_CONFIG_FILE ?? join(env.HOME ?? homedir(), '.aws', 'config'),
    credentials: env.AWS_SHARED_CREDENTIALS_FILE ?? join(env.HOME ?? homedir(), '.aws', 'credentials'),
  };
}

async function whyUnreadable(path: string): Promise<string | null> {
  const whole = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  return access(whole, constants.R_OK).then(
    () => null,
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown',
  );
}
