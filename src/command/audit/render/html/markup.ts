import { instant } from '../../../../lifecycle/wording.js';
import { escape, printable } from '../escape.js';

/** HTML that is safe to put into the page; made only by this file's functions. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | null | readonly Value[];

/** The markup without its indentation, with every value in it escaped; values that are HTML stay as they are. */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Html {
  const raw = literals.raw.map((literal) => literal.replace(/\s*\n\s*/g, '\n'));
  return { html: String.raw({ raw }, ...values.map(toMarkup)) };
}

export const NOTHING: Html = { html: '' };

function toMarkup(value: Value): string {
  if (value === null) return '';
  if (Array.isArray(value)) return (value as readonly Value[]).map(toMarkup).join('');
  if (typeof value === 'object') return (value as Html).html;
  return escape(printable(String(value)));
}

/** A point in time: to the day, or to the minute in UTC where hours count. */
export function time(date: Date, precision: 'day' | 'minute' = 'day'): Html {
  const shown =
    precision === 'day' ? instant(date).slice(0, 10) : `${instant(date).slice(0, 16).replace('T', ' ')} UTC`;
  return html`<time datetime="${instant(date)}">${shown}</time>`;
}

export function counted(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}

/** A list; one that is long is folded from `shown` items on. */
export function list(
  items: readonly Html[],
  name: string,
  { shown = Infinity, more = 'more' }: { readonly shown?: number; readonly more?: string } = {},
): Html {
  if (items.length === 0) return NOTHING;
  const [first, rest] = [items.slice(0, shown), items.slice(shown)];
  const all = (of: readonly Html[]) =>
    html`<ul class="${name}">
      ${of}
    </ul> `;
  if (rest.length === 0) return all(first);
  return html`${all(first)} ${fold(`${rest.length.toLocaleString('en')} ${more}`, all(rest))}`;
}

/** Opened by the reader, or from the start. */
export function fold(summary: string, content: Html, isOpen = false): Html {
  const inner = html`<summary>${summary}</summary>
    ${content}`;
  return isOpen ? html`<details open>${inner}</details>` : html`<details>${inner}</details>`;
}
