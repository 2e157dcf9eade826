import type { Case, Step } from './play.js';

type Steps = Readonly<Record<string, Step>>;

const NOTHING: Steps = { '': () => undefined };

/** Every combination of the given steps, each with a name that says it as a sentence. */
export function product(
  wants: Case['wants'],
  {
    situations,
    changes = NOTHING,
    before = NOTHING,
    meanwhile = NOTHING,
  }: {
    readonly situations: Steps;
    readonly changes?: Steps;
    readonly before?: Steps;
    readonly meanwhile?: Steps;
  },
): Case[] {
  const cases: Case[] = [];
  for (const [situation, first] of Object.entries(situations)) {
    for (const [change, second] of Object.entries(changes)) {
      for (const [then, third] of Object.entries(before)) {
        for (const [last, fourth] of Object.entries(meanwhile)) {
          const name = [situation, change, then, last].filter((part) => part !== '').join(', ');
          cases.push({ name, wants, situation: first, change: second, before: third, meanwhile: fourth });
        }
      }
    }
  }
  return cases;
}

export function only(steps: Steps, ...names: readonly string[]): Steps {
  return Object.fromEntries(
    names.map((name) => {
      const step = steps[name];
      if (!step) throw new Error(`There is no "${name}".`);
      return [name, step];
    }),
  );
}

export function without(steps: Steps, ...names: readonly string[]): Steps {
  return Object.fromEntries(Object.entries(steps).filter(([name]) => !names.includes(name)));
}
