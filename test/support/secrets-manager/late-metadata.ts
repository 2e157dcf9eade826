import type { Backend, Exchange, Reply } from '../fault-lane.js';

const DESCRIBE = 'secretsmanager.DescribeSecret';
const CHANGES = /\.(PutSecretValue|UpdateSecretVersionStage)$/;

interface Earlier {
  readonly until: number;
  readonly secretId: string;
  readonly look: Reply;
}

/**
 * Secrets Manager whose metadata are some time old after each write, as its guide says of new versions and labels; the
 * writes themselves, and reads of a value, are of now. moto shows everything at once.
 */
export class LateMetadata {
  /** 0: not at all. */
  milliseconds = 0;
  #earlier: Earlier[] = [];

  constructor(private readonly backend: Backend) {}

  readonly handle: Backend = async (exchange) => {
    const target = exchange.headers['x-amz-target'] ?? '';
    if (this.milliseconds === 0 || !target.startsWith('secretsmanager.')) return this.backend(exchange);
    const { SecretId: secretId = '' } = JSON.parse(exchange.body) as { SecretId?: string };
    if (target === DESCRIBE) {
      this.#earlier = this.#earlier.filter(({ until }) => until > Date.now());
      return this.#earlier.find((each) => each.secretId === secretId)?.look ?? this.backend(exchange);
    }
    if (!CHANGES.test(target)) return this.backend(exchange);
    const look = await this.#look(exchange, secretId);
    const reply = await this.backend(exchange);
    if (reply.status === 200) this.#earlier.push({ until: Date.now() + this.milliseconds, secretId, look });
    return reply;
  };

  #look(exchange: Exchange, secretId: string): Promise<Reply> {
    const headers = { ...exchange.headers, 'x-amz-target': DESCRIBE };
    return this.backend({ ...exchange, headers, body: JSON.stringify({ SecretId: secretId }) });
  }
}
