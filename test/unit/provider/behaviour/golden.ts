import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AFTERWARDS, DETAIL } from './render.js';

const REMARK = `# What the provider did in each case, as it was recorded: UPDATE_BEHAVIOUR=1 writes it anew. Cases with one outcome
# share its text. {n} stands for what came afterwards, and [n] for the detail of a notice, both below. Times count
# from the case's beginning (T).`;

/** Cases and their outcomes in a file that people read: who reviews a change of behaviour reviews its diff. */
export class Golden {
  readonly #path: string;
  readonly #recorded: ReadonlyMap<string, string>;
  readonly #seen = new Map<string, string>();

  constructor(group: string) {
    this.#path = join(__dirname, 'golden', `${group}.txt`);
    this.#recorded = existsSync(this.#path) ? parse(readFileSync(this.#path, 'utf8')) : new Map();
  }

  get cases(): readonly string[] {
    return [...this.#recorded.keys()];
  }

  /** What was recorded of a case; while recording, what has been seen of it. */
  outcomeOf(name: string, seen: string): string | undefined {
    if (!isRecording()) return this.#recorded.get(name);
    this.#seen.set(name, seen);
    return seen;
  }

  /** Cases that this run has left out, as with `-t`, stay as they were recorded. */
  save(names: readonly string[]): void {
    if (!isRecording()) return;
    const outcomes = names.flatMap((name) => {
      const outcome = this.#seen.get(name) ?? this.#recorded.get(name);
      return outcome === undefined ? [] : [[name, outcome] as const];
    });
    writeFileSync(this.#path, print(new Map(outcomes)));
  }
}

export function isRecording(): boolean {
  return process.env.UPDATE_BEHAVIOUR === '1';
}

const CASE = '- ';
const PARTS = ['== Cases', '== Afterwards', '== Details'] as const;

/** Texts that stand once, each under its number. */
class Shared {
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
    this.#numbers.set(text, number);
    return number;
  }

  get texts(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}

function print(outcomes: ReadonlyMap<string, string>): string {
  const groups = new Map<string, string[]>();
  for (const [name, outcome] of outcomes) groups.set(outcome, [...(groups.get(outcome) ?? []), name]);
  const details = new Shared();
  const afterwards = new Shared();
  const lined = (text: string) =>
    text.split('\n').map((line) => {
      const [head = '', detail] = line.split(DETAIL);
      return `    ${head}${detail === undefined ? '' : ` [${details.numberOf(detail)}]`}`;
    });
  const blocks = [...groups].map(([outcome, names]) => {
    const at = outcome.indexOf(`\n${AFTERWARDS}\n`);
    const first = at < 0 ? outcome : outcome.slice(0, at);
    const rest = at < 0 ? [] : [`    {${afterwards.numberOf(outcome.slice(at + 1))}}`];
    return [...names.map((name) => CASE + name), ...lined(first), ...rest].join('\n');
  });
  const rests = afterwards.texts.map((text, index) => [`{${index + 1}}`, ...lined(text)].join('\n'));
  const list = details.texts.map((text, index) => `[${index + 1}] ${text}`);
  return `${[REMARK, PARTS[0], ...blocks, PARTS[1], ...rests, PARTS[2], list.join('\n')].join('\n\n')}\n`;
}

function parse(text: string): Map<string, string> {
  const [, cases = '', afterwards = '', list = ''] = text.split(/^== .*$/m);
  const details = new Map(
    list
      .trim()
      .split('\n')
      .map((line) => [/^\[\d+\]/.exec(line)?.[0] ?? '', line.replace(/^\[\d+\] /, '')]),
  );
  const rests = new Map<string, string>();
  const whole = (line: string) =>
    line
      .slice(4)
      .replace(/ (\[\d+\])$/, (_, number: string) => DETAIL + (details.get(number) ?? number))
      .replace(/^\{\d+\}$/, (number) => rests.get(number) ?? number);
  const textOf = (block: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map(whole)
      .join('\n');
  for (const block of afterwards.trim().split('\n\n'))
    rests.set(block.split('\n', 1)[0] ?? '', textOf(block));
  const outcomes = new Map<string, string>();
  for (const block of cases.trim().split('\n\n')) {
    const names = block.split('\n').filter((line) => line.startsWith(CASE));
    for (const name of names) outcomes.set(name.slice(CASE.length), textOf(block));
  }
  return outcomes;
}
