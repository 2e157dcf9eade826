import type { Backend, Exchange, Reply } from '../fault-lane.js';

const LOOKS = ['DescribeParameters', 'GetParameterHistory'] as const;
type Look = (typeof LOOKS)[number];

/** What a parameter looked like before one change to it. */
interface Earlier {
  readonly until: number;
  readonly isDeletion: boolean;
  readonly looks: Readonly<Record<string, Reply>>;
}

/** Lets Parameter Store tell of a parameter what was there some time ago, and hold the name of a deleted one as long. */
export class Lag {
  milliseconds = 0;
  readonly #earlier = new Map<string, Earlier[]>();

  constructor(private readonly forward: Backend) {}

  readonly handle: Backend = async (exchange) => {
    const action = exchange.headers['x-amz-target']?.split('.').at(-1) ?? '';
    const request = JSON.parse(exchange.body) as { Name?: string; Overwrite?: boolean };
    const name = request.Name ?? nameLookedFor(exchange.body);
    const earlier = (this.#earlier.get(name) ?? []).filter(({ until }) => until > Date.now());
    if (isLook(action)) return earlier[0]?.looks[action] ?? this.forward(exchange);
    const isDeletion = action === 'DeleteParameter';
    if (!isDeletion && action !== 'PutParameter') return this.forward(exchange);
    if (!isDeletion && !request.Overwrite && earlier.at(-1)?.isDeletion) return TAKEN;
    if (this.milliseconds === 0) return this.forward(exchange);
    const looks = Object.fromEntries(
      await Promise.all(LOOKS.map(async (look) => [look, await this.#look(exchange, look, name)] as const)),
    );
    this.#earlier.set(name, [...earlier, { until: Date.now() + this.milliseconds, isDeletion, looks }]);
    return this.forward(exchange);
  };

  #look(exchange: Exchange, look: Look, name: string): Promise<Reply> {
    const request = {
      DescribeParameters: { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }] },
      GetParameterHistory: { Name: name, MaxResults: 50 },
    }[look];
    const headers = { ...exchange.headers, 'x-amz-target': `AmazonSSM.${look}` };
    return this.forward({ ...exchange, headers, body: JSON.stringify(request) });
  }
}

const TAKEN: Reply = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: 'ParameterAlreadyExists', message: 'The parameter already exists.' }),
};

function isLook(action: string): action is Look {
  return LOOKS.some((look) => look === action);
}

function nameLookedFor(body: string): string {
  const { ParameterFilters } = JSON.parse(body) as {
    ParameterFilters?: { Option?: string; Values?: string[] }[];
  };
  const [filter] = ParameterFilters ?? [];
  return filter?.Option === 'Equals' ? (filter.Values?.[0] ?? '') : '';
}
