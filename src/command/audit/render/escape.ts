/** What is not seen and yet changes how text is shown: it can hide a part of a line, or turn it around. */
const INVISIBLE = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** A state's addresses are its author's: they must not steer the reader's terminal, nor begin a line. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return visible(text.replace(/[\u0000-\u001F]/g, escapeSequence));
}

/** Leaves line breaks and tabs alone. What it writes instead is also what JSON means by it. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeSequence);
}

function escapeSequence(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser would make spaces of these in an attribute.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** For content and attributes alike. What XML 1.0 cannot hold at all becomes the replacement character. */
export function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? '');
}
