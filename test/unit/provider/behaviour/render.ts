import { COMPUTED } from './arguments.js';
import type { Diagnostic, ObjectValue, Value } from '../../../../src/plugin/index.js';
import type { Applied, Planned } from '../../../support/terraform-core/core.js';
import type { Names } from './names.js';
import { isSame, UNKNOWN } from '../../../support/terraform-core/values.js';

/** What `after` changes of `before`, in a line for what gets unknown and one for each other attribute. */
export function changes(before: ObjectValue | null, after: ObjectValue, names: Names): string[] {
  const differing = Object.keys(after).filter((name) => !isSame(before?.[name] ?? null, after[name]));
  const unknown = differing.filter((name) => after[name] === UNKNOWN);
  const known = differing.filter((name) => after[name] !== UNKNOWN);
  return [
    ...(unknown.length > 0 ? [`unknown: ${unknown.join(', ')}`] : []),
    ...known.map(
      (name) => `${name}: ${shown(before?.[name] ?? null, names)} -> ${shown(after[name] ?? null, names)}`,
    ),
  ];
}

/** What a state says, without the arguments. */
export function facts(value: ObjectValue, names: Names): string {
  const told = COMPUTED.filter((name) => value[name] !== null).map(
    (name) => `${name} ${shown(value[name] ?? null, names)}`,
  );
  return told.join(', ') || 'no key';
}

function shown(value: Value, names: Names): string {
  if (value === UNKNOWN) return '(unknown)';
  if (typeof value === 'string') {
    return value.startsWith('-----BEGIN AGE') || value.startsWith('age-encryption')
      ? '(sealed)'
      : names.clean(value);
  }
  if (Array.isArray(value)) {
    const elements: readonly Value[] = value;
    const all = elements.map((one) => shown(one, names));
    // The suite's own programs.
    return elements[0] === '/bin/sh' ? `[program ${all.slice(3).join(' ')}]` : `[${all.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value as ObjectValue).filter(([, member]) => member !== null);
  return `{${members.map(([name, member]) => `${name}: ${shown(member, names)}`).join(', ')}}`;
}

export function notices(said: readonly Diagnostic[], names: Names): string[] {
  return said.map(({ severity, summary, detail, path = [] }) => {
    const steps = path.map((step) => (typeof step === 'object' ? step.key : step));
    const where = steps.length > 0 ? ` at ${steps.join('.')}` : '';
    return `${severity}${where}: ${names.clean(summary)}${DETAIL}${names.clean(detail).replaceAll('\n', ' ')}`;
  });
}

/** Between a notice's summary and its detail. */
export const DETAIL = ' || ';

/** From this line on an outcome tells what came of it all. */
export const AFTERWARDS = 'the next run';

export function planLines(before: ObjectValue | null, plan: Planned, names: Names): string[] {
  const { change, refreshed, refreshSaid, said, bugs } = plan;
  const prior = refreshed?.value ?? null;
  const seen =
    before && prior ? changes(before, prior, names) : before && !prior ? ['the key is forgotten'] : [];
  return [
    ...section('refresh', [...seen, ...notices(refreshSaid, names)]),
    `plan: ${change?.action ?? 'fails'}`,
    ...indented([
      ...(change?.planned && change.action !== 'no change' ? changes(prior, change.planned, names) : []),
      ...notices(said, names),
      ...bugs.map((bug) => `BUG: ${bug}`),
    ]),
  ];
}

export function applyLines(
  first: Planned,
  { again, said, bugs }: Applied,
  calls: readonly string[],
  names: Names,
): string[] {
  return [
    'apply',
    ...indented([
      ...(again ? againLines(first, again, names) : []),
      ...counted(calls),
      ...notices(said, names),
      ...bugs.map((bug) => `BUG: ${bug}`),
    ]),
  ];
}

/** The second plan, as far as it is another one than the first. */
function againLines(first: Planned, again: NonNullable<Applied['again']>, names: Names): string[] {
  const mayDiffer = first.change?.planned && again.change?.planned;
  const other = mayDiffer ? changes(first.change.planned, again.change.planned, names) : [];
  const said = notices(again.said, names);
  const repeats = JSON.stringify(said) === JSON.stringify(notices(first.said, names));
  const action = again.change?.action;
  const isOther =
    action !== first.change?.action && !(action === 'create' && first.change?.action !== 'update');
  return [
    ...(isOther || !again.change ? [`the second plan: ${action ?? 'fails'}`] : []),
    ...other.map((line) => `the second plan has ${line}`),
    ...(repeats
      ? []
      : said.length > 0
        ? said.map((line) => `the second plan says ${line}`)
        : ['the second plan says nothing']),
  ];
}

/** Equal neighbours are one, with their number. */
export function counted(calls: readonly string[]): string[] {
  const runs: { call: string; times: number }[] = [];
  for (const call of calls) {
    const last = runs.at(-1);
    if (last?.call === call) last.times += 1;
    else runs.push({ call, times: 1 });
  }
  const told = runs.map(({ call, times }) => (times === 1 ? call : `${call} x${times}`));
  return told.length > 0 ? [`calls: ${told.join(', ')}`] : [];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, ...indented(lines)] : [];
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
