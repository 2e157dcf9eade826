import { type Html, html } from './markup.js';
import type { Axis, Mark } from './timeline.js';

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
