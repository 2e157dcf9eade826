import { setTimeout as sleep } from 'node:timers/promises';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import type { Patience } from '../patience.js';
import { Login } from './login.js';
import type { Place } from './place.js';
import { isMismatch, refused } from './refusal.js';
import { SecretMetadata } from './secret-metadata.js';
import type { MetadataAnswer } from './secret-metadata.js';
import { settingsFrom } from './settings.js';
import type { Environment } from './settings.js';
import { Transport } from './transport.js';
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
  readonly address?: string;
  readonly namespace?: string;
  /** Told of every token that this run gets. */
  readonly learn?: (secret: Secret) => void;
}

export interface Written {
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

/** How often metadata is looked at that has to show a change. */
const LOOKS = 6;
const FIRST_PAUSE = 100;

/** The calls on KV v2 that are needed. */
export class KvApi {
  readonly namespace: string | null;
  readonly #address: string;
  readonly #transport: Transport;
  readonly #login: Login;

  constructor(options: ApiOptions, env: Environment, patience?: Patience) {
    const settings = settingsFrom(options, env);
    const { learn = () => undefined } = options;
    this.namespace = settings.namespace;
    this.#address = settings.address;
    this.#transport = new Transport(settings, patience);
    this.#login = new Login(this.#transport, env, { isAgent: settings.isAgent, learn });
  }

  /** Null when there is no such secret. */
  async metadata({ metadata: path }: Place): Promise<SecretMetadata | null> {
    const call = { method: 'GET', path } as const;
    const answer = await this.send(call);
    if (isNothing(answer)) return null;
    return new SecretMetadata(this.#expect(call, answer).data as MetadataAnswer);
  }

  /**
   * The metadata once it shows a change that Vault has taken, or as it was last seen: a performance standby may answer
   * with what was there before.
   */
  async metadataOnce(
    place: Place,
    isShown: (metadata: SecretMetadata | null) => boolean,
  ): Promise<SecretMetadata | null> {
    for (let look = 1, pause = FIRST_PAUSE; ; look++, pause *= 2) {
      const metadata = await this.metadata(place);
      if (isShown(metadata) || look >= LOOKS) return metadata;
      await sleep(pause);
    }
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
    return this.#transport.send({ ...call, token: await this.#login.token() });
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

function deletionOf(version: VersionAnswer | undefined): string | null {
  const time = version?.deletion_time ?? '';
  return time === '' ? null : time;
}

/** Nothing there: an answer without a reason. A missing mount or namespace comes with one. */
function isNothing({ status, body }: Answer): boolean {
  return status === 404 && Array.isArray(body.errors) && body.errors.length === 0;
}
