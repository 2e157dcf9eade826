import type { Diagnostic, ObjectValue } from '../../../src/plugin/index.js';
import { Core, looked } from './core.js';
import type { Applied, Planned } from './core.js';
import { NOTHING, planOnce, planRemoval } from './plan-once.js';
import type { Change, Stored } from './plan-once.js';
import { hasErrors } from './provider.js';
import type { Provider } from './provider.js';

interface Wanted {
  /** Null: it is no longer in the configuration. */
  readonly config: ObjectValue | null;
  /** The ID of an `import` block; it counts as long as there is no state. */
  readonly imports?: string;
  /** Default: true. */
  readonly refresh?: boolean;
  /** `terraform destroy`. */
  readonly destroys?: boolean;
  /** As Terraform 1.11 does with what has left the configuration. */
  readonly readsLast?: boolean;
}

/** One of several instances of a state. Terraform takes the steps of each in order, and those of all in any order. */
export class Instance<P extends Provider = Provider> {
  readonly core: Core<P>;
  #provider: P | null = null;
  #plan: Planned | null = null;

  constructor(stored: Stored | null = null, saving?: ConstructorParameters<typeof Core<P>>[1]) {
    this.core = new Core(() => this.#serving, saving);
    this.core.state = stored;
  }

  get #serving(): P {
    if (!this.#provider) throw new Error('Nobody serves it.');
    return this.#provider;
  }

  get plan(): Planned {
    if (!this.#plan) throw new Error('It was not planned.');
    return this.#plan;
  }

  get said(): readonly Diagnostic[] {
    return [...this.plan.refreshSaid, ...this.plan.said];
  }

  /** The steps of its plan; one that fails is its last. */
  steps(
    provider: P,
    { config, imports, refresh = true, destroys = false, readsLast = false }: Wanted,
  ): (() => Promise<void>)[] {
    this.#provider = provider;
    const bugs: string[] = [];
    let refreshed = this.core.state;
    const refreshSaid: Diagnostic[] = [];
    let result: { change: Change | null; said: readonly Diagnostic[] } = { change: null, said: [] };
    const note = () => {
      const options = { refresh, destroys };
      const alone = { deposed: [], renamed: null, removal: null };
      this.#plan = { config, options, bugs, refreshed, ...alone, refreshSaid, ...result };
    };
    note();
    const importing = async () => {
      const answer = await provider.import(imports ?? '');
      refreshSaid.push(...answer.said);
      if (!answer.result || hasErrors(answer.said)) return;
      const { state: value, privateData = NOTHING } = answer.result;
      refreshed = { value, privateData, tainted: false };
    };
    const reading = async () => {
      refreshed = refreshed && (await looked(provider, refreshed, { said: refreshSaid, bugs }));
    };
    const planning = async () => {
      const isWanted = config !== null && !destroys;
      if (isWanted) await provider.validate(config);
      result = isWanted
        ? await planOnce(provider, config, refreshed, {}, bugs)
        : await planRemoval(provider, refreshed, bugs);
    };
    const isImported = imports !== undefined && refreshed === null;
    const isRead = isImported || (refresh && !destroys && refreshed !== null);
    const looks = isRead ? [reading] : [];
    const steps = [
      ...(isImported ? [importing] : []),
      ...(readsLast ? [planning, ...looks] : [...looks, planning]),
    ];
    return steps.map((step) => async () => {
      if (!hasErrors([...refreshSaid, ...result.said])) await step();
      note();
    });
  }

  async apply(provider: P): Promise<Applied> {
    this.#provider = provider;
    return this.core.apply(this.plan);
  }
}

/** Every order in which two rows of steps can take place: true for a step of the first one. */
export function interleavings(first: number, second: number): boolean[][] {
  if (first === 0 || second === 0)
    return [[...Array<boolean>(first).fill(true), ...Array<boolean>(second).fill(false)]];
  return [
    ...interleavings(first - 1, second).map((rest) => [true, ...rest]),
    ...interleavings(first, second - 1).map((rest) => [false, ...rest]),
  ];
}

export async function inOrder(
  order: readonly boolean[],
  first: readonly (() => Promise<void>)[],
  second: readonly (() => Promise<void>)[],
): Promise<void> {
  const [one, other] = [[...first], [...second]];
  for (const isFirst of order) await (isFirst ? one : other).shift()?.();
}
