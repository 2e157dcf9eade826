import type { Backend, Exchange, Reply } from '../fault-lane.js';

/** What reads of one path were answered before one write. */
interface Earlier {
  readonly until: number;
  readonly looks: ReadonlyMap<string, Reply>;
}

/**
 * A standby in front of the active node: writes go through at once, and reads are answered as some time ago, as of a
 * performance standby of Vault, or of OpenBao by default. It counts the writes in X-Vault-Index, and refuses a read
 * (412) whose caller has seen a later one than it has: that is what the header is for.
 */
export class LateReads {
  /** How far the reads are behind; 0: not at all. */
  milliseconds = 0;
  /** False: as a server that has no such header. */
  hasIndex = true;
  /** How many reads were refused for it. */
  refused = 0;
  /** Of each write when it was done. */
  readonly #writes: number[] = [];
  #earlier: Earlier[] = [];

  constructor(
    private readonly backend: Backend,
    /** Of somebody who may read everything. */
    private readonly token: string,
  ) {}

  readonly handle: Backend = async (exchange) => {
    if (this.milliseconds === 0) return this.backend(exchange);
    const { 'x-vault-index': index = '', ...headers } = exchange.headers;
    // The number is this stand-in's own: the server behind it would not understand it.
    const own = { ...exchange, headers };
    return exchange.method === 'GET' ? this.#read(own, index) : this.#write(own);
  };

  async #write(exchange: Exchange): Promise<Reply> {
    const paths = readPathsOf(exchange.path);
    const looks = new Map<string, Reply>();
    for (const path of paths) looks.set(path, await this.#look(exchange, path));
    const reply = await this.backend(exchange);
    // Nothing is stored by a question that has a body.
    if (exchange.path.endsWith('/capabilities-self') || reply.status >= 300) {
      return this.#numbered(reply, this.#writes.length);
    }
    this.#earlier.push({ until: Date.now() + this.milliseconds, looks });
    this.#writes.push(Date.now());
    return this.#numbered(reply, this.#writes.length);
  }

  async #read(exchange: Exchange, index: string): Promise<Reply> {
    const here = this.#writes.filter((at) => at + this.milliseconds <= Date.now()).length;
    const wanted = index.split(',').map((each) => Number(each.trim()));
    if (this.hasIndex && Math.max(...wanted) > here) {
      this.refused += 1;
      return { status: 412, headers: JSON_TYPE, body: '{"errors":["required index state not present"]}' };
    }
    this.#earlier = this.#earlier.filter(({ until }) => until > Date.now());
    const before = this.#earlier.find(({ looks }) => looks.has(exchange.path))?.looks.get(exchange.path);
    return this.#numbered(before ?? (await this.backend(exchange)), here);
  }

  #numbered(reply: Reply, index: number): Reply {
    return this.hasIndex
      ? { ...reply, headers: { ...reply.headers, 'x-vault-index': String(index) } }
      : reply;
  }

  #look({ headers }: Exchange, path: string): Promise<Reply> {
    const own = { ...headers, 'x-vault-token': this.token };
    return this.backend({ method: 'GET', path, headers: own, body: '' });
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** What a write to a KV secret changes: its data and its metadata. */
function readPathsOf(path: string): readonly string[] {
  const [, mount, name] = /^(\/v1\/.+?)\/(?:data|metadata)\/(.+)$/.exec(path) ?? [];
  return mount === undefined || name === undefined
    ? []
    : [`${mount}/data/${name}`, `${mount}/metadata/${name}`];
}
