import { setTimeout as sleep } from 'node:timers/promises';
import { VAULT_SUFFIX, vaultPathProblem } from '../../contract/vault-path.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import type { Patience } from '../patience.js';
import { Login, settingsFrom } from './connection.js';
import type { LoginOptions, Settings } from './connection.js';
import { mountAt, pathAt } from './descriptor.js';
import type { Environment } from './descriptor.js';
import { SecretMetadata } from './metadata.js';
import type { MetadataAnswer } from './metadata.js';
import { KnownServer, Transport } from './transport.js';
import type { Answer, Call } from './transport.js';

export interface Content {
  readonly version: number;
  /** Null for a version that was deleted or destroyed. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** When Vault deletes this version by itself; null for one that stays. */
  readonly deletedAt: string | null;
}

export interface ApiOptions {
  /** Else the environment's: VAULT_ADDR. */
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  /** Told of every token that this run gets. */
  readonly learn?: (secret: Secret) => void;
  /** What this run's destinations share; by default nothing. */
  readonly connections?: VaultConnections;
  /** The mount may have been made by the same apply, a moment ago. */
  readonly awaitsMount?: boolean;
  /** A line in Terraform's log. */
  readonly log?: ((what: string, facts: Readonly<Record<string, unknown>>) => void) | undefined;
}

interface Written {
  /** The new version, if the one named was the latest; null if not. */
  readonly version: number | null;
  /** An earlier attempt of this very write may have made it so. */
  readonly isDoubtful: boolean;
  /** When Vault deletes it by itself; null where it stays. */
  readonly deletedAt: string | null;
}

/** What Vault tells of one version. */
interface VersionAnswer {
  readonly version?: number;
  /** Empty for one that stays. */
  readonly deletion_time?: string;
}

/** How often a secret is looked at that has to show a change: for three seconds. */
const LOOKS = 6;
const FIRST_PAUSE = 100;

/**
 * What all destinations of one process share at Vault: one login for each address and namespace (the role is the
 * process's own), and what is known of each server.
 */
export class VaultConnections {
  readonly #logins = new Map<string, Login>();
  readonly #servers = new Map<string, KnownServer>();

  login({ address, namespace }: Settings, env: Environment, options: LoginOptions): Login {
    const key = `${address} ${namespace ?? ''}`;
    const login = this.#logins.get(key) ?? new Login(env, options);
    this.#logins.set(key, login);
    return login;
  }

  server({ address }: Settings): KnownServer {
    const server = this.#servers.get(address) ?? new KnownServer();
    this.#servers.set(address, server);
    return server;
  }

  /** Nothing is asked of Vault any more: the tokens that it gave to this process end here, not when they expire. */
  async release(): Promise<void> {
    await Promise.all([...this.#logins.values()].map((login) => login.revoke()));
  }
}

/** The calls on KV v2 that are needed. */
export class KvApi {
  readonly namespace: string | null;
  readonly #address: string;
  readonly #transport: Transport;
  readonly #login: Login;
  readonly #awaitsMount: boolean;

  constructor(options: ApiOptions, env: Environment, patience?: Patience) {
    const settings = settingsFrom(options, env);
    const {
      learn = () => undefined,
      connections = new VaultConnections(),
      log,
      awaitsMount = false,
    } = options;
    this.namespace = settings.namespace;
    this.#address = settings.address;
    this.#awaitsMount = awaitsMount;
    this.#transport = new Transport(settings, { patience, server: connections.server(settings), log });
    this.#login = connections.login(settings, env, { isAgent: settings.isAgent, learn });
  }

  /** Null when there is no such secret. */
  async metadata({ metadata: path }: Place): Promise<SecretMetadata | null> {
    const call = { method: 'GET', path } as const;
    const answer = await this.send(call);
    if (isNothing(answer)) return null;
    const found = this.#expect(call, answer).data as MetadataAnswer | null | undefined;
    if (!found) throw this.notVersioned(path);
    return new SecretMetadata(found);
  }

  /**
   * The metadata once it shows a change that Vault has taken, or as it was last seen: a performance standby may answer
   * with what was there before.
   */
  metadataOnce(
    place: Place,
    isShown: (metadata: SecretMetadata | null) => boolean,
  ): Promise<SecretMetadata | null> {
    return once(() => this.metadata(place), isShown);
  }

  /** The same of the latest version. */
  dataOnce(place: Place, isShown: (content: Content | null) => boolean): Promise<Content | null> {
    return once(() => this.data(place), isShown);
  }

  async writeCustomMetadata({ metadata: path }: Place, custom: Record<string, string>): Promise<void> {
    const call = { method: 'POST', path, body: { custom_metadata: custom } } as const;
    this.#expect(call, await this.send(call));
  }

  /** The latest version; null when there never was one. */
  async data({ data: path }: Place): Promise<Content | null> {
    const call = { method: 'GET', path } as const;
    const answer = await this.send(call);
    const found = answer.body.data as { data?: Content['data']; metadata?: VersionAnswer } | null | undefined;
    // Vault answers 404 for a deleted version, and tells about it all the same.
    const version = found?.metadata?.version;
    const deletedAt = deletionOf(found?.metadata);
    if (answer.status === 404 && version !== undefined) return { version, data: null, deletedAt };
    if (isNothing(answer)) return null;
    this.#expect(call, answer);
    if (version === undefined) throw this.notVersioned(path);
    return { version, data: found?.data ?? null, deletedAt };
  }

  /** Writes where `version` is the latest one. */
  async write({ data: path }: Place, data: object, version: number): Promise<Written> {
    const call = { method: 'POST', path, body: { options: { cas: version }, data } } as const;
    const answer = await this.send(call);
    if (isMismatch(answer)) return { version: null, isDoubtful: answer.isRepeated, deletedAt: null };
    const made = this.#expect(call, answer).data as VersionAnswer | undefined;
    if (made?.version === undefined) throw this.notVersioned(path);
    return { version: made.version, isDoubtful: false, deletedAt: deletionOf(made) };
  }

  /** All versions, and what is known about them. */
  async delete({ metadata: path }: Place): Promise<void> {
    const call = { method: 'DELETE', path } as const;
    this.#expect(call, await this.send(call));
  }

  async send(call: Call): Promise<Answer> {
    const token = await this.#login.token(this.#transport);
    return this.#transport.send({ ...call, token, awaitsMount: this.#awaitsMount });
  }

  notVersioned(path: string): DestinationError {
    return new DestinationError(
      `${path} at ${this.#address} is not in a KV engine of version 2.`,
      'Choose another mount, or upgrade it: vault kv enable-versioning.',
    );
  }

  #expect(call: Call, answer: Answer): Answer['body'] {
    if (answer.status !== 200 && answer.status !== 204) throw refused(call, answer, this.#address);
    return answer.body;
  }
}

async function once<Seen>(look: () => Promise<Seen>, isShown: (seen: Seen) => boolean): Promise<Seen> {
  for (let looks = 1, pause = FIRST_PAUSE; ; looks++, pause *= 2) {
    const seen = await look();
    if (isShown(seen) || looks >= LOOKS) return seen;
    await sleep(pause);
  }
}

function deletionOf(version: VersionAnswer | undefined): string | null {
  const time = version?.deletion_time ?? '';
  return time === '' ? null : time;
}

/** Nothing there: an answer without a reason. A missing mount or namespace comes with one. */
function isNothing({ status, body }: Answer): boolean {
  return status === 404 && Array.isArray(body.errors) && body.errors.length === 0;
}

/** One secret of a KV v2 mount, and the paths of its API. */
export class Place {
  readonly mount: string;
  readonly path: string;

  constructor(mount: string, path: string) {
    this.mount = mountAt(mount);
    this.path = pathAt(path);
  }

  get name(): string {
    return `${this.mount}/${this.path}`;
  }

  get data(): string {
    return `${this.mount}/data/${this.path}`;
  }

  get metadata(): string {
    return `${this.mount}/metadata/${this.path}`;
  }

  get journal(): Place {
    return new Place(this.mount, this.path + VAULT_SUFFIX.journal);
  }

  get pending(): Place {
    return new Place(this.mount, this.path + VAULT_SUFFIX.pending);
  }

  /** With its namespace in front, as Vault takes it in a path: a consumer may have set another one, or none. */
  nameIn(namespace: string | null): string {
    return namespace === null ? this.name : `${namespace}/${this.name}`;
  }

  assertValid(): void {
    const problem = vaultPathProblem(this.mount, this.path);
    if (problem) throw new DestinationError(`${this.name} ${problem.what}`, problem.remedy);
  }
}

const NEEDED = { GET: 'read', POST: 'create and update', DELETE: 'delete' } as const;

/** The mount or its namespace is not there, and with it whatever lay in it. */
export class MissingMount extends DestinationError {}

/** The token's policies do not give the right to this call. */
export class NotPermitted extends DestinationError {}

/** What an answer other than the expected one means. Of Vault's own words nothing is shown: they could quote a value. */
function refused({ method, path }: Call, { status, body }: Answer, address: string): DestinationError {
  const where = `${path} at ${address}`;
  switch (status) {
    case 403:
      return new NotPermitted(
        `Vault does not permit ${NEEDED[method]} on ${where} (403).`,
        `Give a policy of the token: path "${path}" { capabilities = ${listOf(NEEDED[method])} }. If it has one, the token may be invalid or expired, or of another namespace.`,
      );
    case 404:
      return new MissingMount(
        `Vault knows no ${where} (404).`,
        'See that the mount and the namespace are right, and that the mount is a KV engine of version 2.',
      );
    case 412:
      return new DestinationError(
        `Vault at ${address} is a node that is too far behind what was written to answer for ${path} (412).`,
        'Apply again in a moment, or give the address of the active node.',
      );
    case 429:
    case 472:
    case 473:
      return new DestinationError(
        `Vault throttled the call to ${where}, or answers as a standby (${status}).`,
        'Apply again in a moment, or give the address of the active node.',
      );
    case 503:
      return new DestinationError(
        `Vault at ${address} is sealed or not ready (503).`,
        'Have it unsealed, then apply again.',
      );
    default:
      return new DestinationError(
        `Vault refused ${method} ${where} (${status}${isUpgrading(body) ? ', the mount is being upgraded' : ''}).`,
        'Apply again; if it stays, look the request up in the audit log of Vault.',
      );
  }
}

/** Nothing was written: the current version is another one. */
function isMismatch({ status, body }: Answer): boolean {
  return (
    status === 400 && JSON.stringify(body.errors ?? '').includes('check-and-set parameter did not match')
  );
}

function isUpgrading(body: Answer['body']): boolean {
  return /pgrading from non-versioned|Waiting for the primary/.test(JSON.stringify(body.errors ?? ''));
}

function listOf(words: string): string {
  return JSON.stringify(words.split(' and '));
}
