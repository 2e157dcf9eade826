import { DestinationError } from '../../lifecycle/destination.js';

const JOURNAL_SUFFIX = '.lightsail-journal';
const PENDING_SUFFIX = '.lightsail-pending';

/** One secret of a KV v2 mount, and the paths of its API. */
export class Place {
  readonly mount: string;
  readonly path: string;

  constructor(mount: string, path: string) {
    this.mount = mount.replace(/^\/+|\/+$/g, '');
    this.path = path.replace(/^\/+/, '');
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
    return new Place(this.mount, this.path + JOURNAL_SUFFIX);
  }

  get pending(): Place {
    return new Place(this.mount, this.path + PENDING_SUFFIX);
  }

  /** With its namespace in front, as Vault takes it in a path: a consumer may have set another one, or none. */
  nameIn(namespace: string | null): string {
    return namespace === null ? this.name : `${namespace}/${this.name}`;
  }

  assertValid(): void {
    const segments = [...this.mount.split('/'), ...this.path.split('/')];
    if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
      throw new DestinationError(
        `${this.name} is not the path of a secret in Vault: one of its parts is empty, "." or "..".`,
        'Give mount = "secret" and path = "app/uploads", without a slash at the end.',
      );
    }
    if (/[^\x20-\x7e]|\*|\+/.test(this.name)) {
      throw new DestinationError(
        `${this.name} holds characters that do not go into a path of Vault, or mean more than themselves in a policy.`,
        'Choose a path of letters, digits and - _ . /.',
      );
    }
  }
}
