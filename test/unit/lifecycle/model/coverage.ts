import { KINDS } from './decision.js';
import type { Kind } from './decision.js';
import type { Happening } from './happenings.js';

const EVERYWHERE = [
  'kill-before',
  'kill-after',
  'crash-before',
  'crash-after',
  'fail-before',
  'fail-always',
  'no-list',
  'without',
  'stranger-comes',
  'stranger-goes',
  'ours-goes',
  'ours-inactive',
  'rival',
  'abort',
] as const;
const AT_APPLY = ['altered', 'fail-after', 'neighbour-comes', 'overtaken'] as const;
const AT_CREATE = ['refused', 'throttled', 'lost-done', 'lost-undone', 'late'] as const;
const COLUMNS = [...EVERYWHERE, ...AT_APPLY, ...AT_CREATE];
type Column = (typeof COLUMNS)[number];

/** These come to no apply, but for the sake of something else that is decided with them. */
const WITHOUT_APPLY: readonly Kind[] = ['keep', 'blocked', 'refuse', 'defer'];
const WITH_CREATE: readonly Kind[] = ['create', 'rotate', 'undecided', 'replace'];

function mustMeet(kind: Kind, happening: Column): boolean {
  if (EVERYWHERE.some((one) => one === happening)) return true;
  if (AT_CREATE.some((one) => one === happening)) return WITH_CREATE.includes(kind);
  // The hook alone is run, and a program that has failed is taken for one that has done nothing.
  if (kind === 'hook again' && happening === 'fail-after') return false;
  return !WITHOUT_APPLY.includes(kind);
}

/** How often each kind of decision has met each happening, in the run of that decision. */
export class Coverage {
  readonly #met = new Map<string, number>();

  meet(kinds: Iterable<Kind>, happening: Happening): void {
    const column = happening.startsWith('late-')
      ? 'late'
      : happening.startsWith('without ')
        ? 'without'
        : happening;
    for (const kind of kinds) {
      const pair = `${kind} + ${column}`;
      this.#met.set(pair, (this.#met.get(pair) ?? 0) + 1);
    }
  }

  /** Pairs that can meet and never have. */
  get missing(): string[] {
    return KINDS.flatMap((kind) =>
      COLUMNS.filter((column) => mustMeet(kind, column) && this.#count(kind, column) === 0).map(
        (column) => `${kind} + ${column}`,
      ),
    );
  }

  toString(): string {
    const rows = KINDS.map((kind) => [
      kind,
      ...COLUMNS.map((column) => this.#count(kind, column) || (mustMeet(kind, column) ? 'NEVER' : '-')),
    ]);
    return [['', ...COLUMNS], ...rows]
      .map(([head, ...cells]) => [String(head).padEnd(10), ...cells.map(cellOf)].join(' '))
      .join('\n');
  }

  #count(kind: Kind, column: Column): number {
    return this.#met.get(`${kind} + ${column}`) ?? 0;
  }
}

function cellOf(cell: string | number | undefined, index: number): string {
  return String(cell).padStart(Math.max(6, COLUMNS[index]?.length ?? 0));
}
