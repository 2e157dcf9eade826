import { NOT_REPORTED } from '../../../../lifecycle/access-key.js';
import type { BucketReport, KeyReport } from '../../report.js';
import { type Html, html } from './markup.js';

const DAY = 86_400_000;

/** Maps the time that a bucket's keys span to a percentage of the drawing's width. */
interface Axis {
  at(date: Date): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** A stretch of a key's line, or a point of it, in percent. */
type Mark =
  | {
      readonly kind: 'life' | 'inactive' | 'overlap' | 'late' | 'ahead';
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'used' | 'due'; readonly at: number };

/** Null where there is nothing to draw: no key of the bucket is there. */
export function axisOf({ asOf, keys }: BucketReport): Axis | null {
  const dates = keys.flatMap((key) => [key.createdAt, key.retirePreviousAfter, key.rotationDueAt]);
  const times = [asOf, ...dates].filter((date) => date !== null).map((date) => date.getTime());
  if (asOf === null || keys.every(({ createdAt }) => createdAt === null)) return null;
  const from = Math.min(...times);
  const span = Math.max(Math.max(...times) - from, DAY);
  // Room for a point at either end.
  const at = (time: number) => 2 + (96 * (time - from)) / span;
  return {
    at: (date) => Math.min(98, Math.max(2, at(date.getTime()))),
    ticks: ticksIn(from, from + span).map(({ time, label }) => ({ at: at(time), label })),
  };
}

/** In drawing order. `asOf`: the time of the audit, by which everything was judged. */
export function marksOf(key: KeyReport, bucket: BucketReport, axis: Axis): readonly Mark[] {
  const { createdAt, lastUsed, retirePreviousAfter, rotationDueAt } = key;
  const { asOf } = bucket;
  if (createdAt === null || asOf === null) return [];
  const due = retirePreviousAfter ?? rotationDueAt;
  const now = axis.at(asOf);
  const began = overlapStart(key, bucket);
  const marks: Mark[] = [
    { kind: key.status === 'Active' ? 'life' : 'inactive', from: axis.at(createdAt), to: now },
  ];
  if (due !== null && due > asOf) marks.push({ kind: 'ahead', from: now, to: axis.at(due) });
  if (began !== null && retirePreviousAfter !== null && retirePreviousAfter > began) {
    marks.push({ kind: 'overlap', from: axis.at(began), to: axis.at(retirePreviousAfter) });
  }
  if (due !== null && due <= asOf) marks.push({ kind: 'late', from: axis.at(due), to: now });
  if (due !== null) marks.push({ kind: 'due', at: axis.at(due) });
  if (lastUsed !== null && lastUsed !== NOT_REPORTED)
    marks.push({ kind: 'used', at: axis.at(lastUsed.date) });
  return marks;
}

/** When the key was made that takes this one's place; null for a key that is nobody's predecessor. */
export function overlapStart(key: KeyReport, { keys }: BucketReport): Date | null {
  const owner = key.managedBy.find(({ role }) => role === 'previous');
  const successor = keys.find(({ managedBy }) =>
    managedBy.some(
      ({ role, address, state }) => role === 'current' && address === owner?.address && state === owner.state,
    ),
  );
  return successor?.createdAt ?? null;
}

/** Widths are percentages, so that a drawing is as wide as the page lets it be, and its points stay round. */
export function keyDrawing(marks: readonly Mark[], axis: Axis, asOf: Date): Html {
  return html`<svg class="line" aria-hidden="true">
    ${axis.ticks.map(({ at }) => upright('tick', at))}${upright('now', axis.at(asOf))}${marks.map(drawn)}
  </svg>`;
}

export function axisDrawing({ ticks }: Axis): Html {
  return html`<svg class="axis" aria-hidden="true">
    ${ticks.map(({ at, label }) => html`<text x="${percent(at)}" y="12">${label}</text>`)}
  </svg>`;
}

/** One of each, as it is drawn in the lines. */
export function sample(kind: Mark['kind'] | 'now'): Html {
  const mark = kind === 'used' || kind === 'due' ? drawn({ kind, at: 50 }) : null;
  const shown = mark ?? (kind === 'now' ? upright('now', 50) : drawn({ kind, from: 5, to: 95 } as Mark));
  return html`<svg class="sample" aria-hidden="true">${shown}</svg>`;
}

/** What the drawings refer to; once in the page. */
export const HATCH: Html = html`<svg class="defs" aria-hidden="true">
  <defs>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch" width="3" height="6" />
    </pattern>
  </defs>
</svg>`;

function drawn(mark: Mark): Html {
  switch (mark.kind) {
    case 'used':
      return html`<circle class="used" cx="${percent(mark.at)}" cy="17" r="4.5" />`;
    case 'due':
      return html`<svg class="at" x="${percent(mark.at)}"><path class="due" d="M0 8l5 9-5 9-5-9z" /></svg>`;
    case 'ahead':
      return html`<line class="ahead" x1="${percent(mark.from)}" x2="${percent(mark.to)}" y1="17" y2="17" />`;
    default: {
      const width = Math.max(0.4, mark.to - mark.from);
      return html`<rect
        class="${mark.kind}"
        x="${percent(mark.from)}"
        y="12"
        width="${percent(width)}"
        height="10"
        rx="2"
      />`;
    }
  }
}

function upright(name: string, at: number): Html {
  return html`<line class="${name}" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%" />`;
}

function percent(value: number): string {
  return `${Number(value.toFixed(2))}%`;
}

/** Steps in which people think: days, weeks, months, years. The first that gives few enough is taken. */
const STEPS = [
  ...[1, 2, 7, 14].map((days) => ({ days, months: 0 })),
  ...[1, 2, 3, 6, 12, 24, 60].map((months) => ({ days: 0, months })),
];
const MOST_TICKS = 5;
/** Behind it a label would run out of the drawing. */
const LAST_LABEL = 0.8;

function ticksIn(from: number, to: number): readonly { readonly time: number; readonly label: string }[] {
  for (const step of STEPS) {
    if ((to - from) / DAY / (step.days || step.months * 30) > MOST_TICKS + 1) continue;
    const times = [...timesBy(step, from, to)].filter((time) => (time - from) / (to - from) < LAST_LABEL);
    if (times.length <= MOST_TICKS) {
      return times.map((time, index) => ({ time, label: labelOf(time, step.months, index === 0) }));
    }
  }
  return [];
}

function* timesBy({ days, months }: (typeof STEPS)[number], from: number, to: number): Generator<number> {
  const start = new Date(from);
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  const first = months > 0 ? Math.ceil((month + 1) / months) * months : 0;
  for (let n = 0; ; n += 1) {
    const time = months > 0 ? Date.UTC(year, first + n * months) : Date.UTC(year, month, day + 1 + n * days);
    if (time > to) return;
    yield time;
  }
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The year stands where it is new. */
function labelOf(time: number, months: number, isFirst: boolean): string {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (months % 12 === 0 && months > 0) return String(year);
  const name = `${months === 0 ? `${day} ` : ''}${MONTHS[month] ?? ''}`;
  return isFirst || (months > 0 && month < months) ? `${name} ${year}` : name;
}
