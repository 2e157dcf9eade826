/** What encoders leave as it is: encodeURIComponent, RFC 3986, both of them in paths, HTML forms, encodeURI. */
const UNRESERVED = [
  /[^\w.~!'()*-]/gu,
  /[^\w.~-]/gu,
  /[^\w.~!'()*/-]/gu,
  /[^\w.~/-]/gu,
  /[^\w*.-]/gu,
  /[^\w.~!'()*;,/?:@&=+$#-]/gu,
];

/** As it is, percent-encoded as URLs, paths and forms do it, escaped in JSON once or twice, and in HTML or XML. */
export function textForms(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(json).slice(1, -1);
  const percent = UNRESERVED.flatMap((reserved) => {
    const text = value.replace(reserved, (character) => percentEncode(character));
    return [text, text.replaceAll('%20', '+'), text.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase())];
  });
  const escaped = [json, twice].flatMap((text) => [
    text,
    text.replaceAll('/', '\\/'),
    // Go's encoder, and so Terraform's: safe inside of HTML.
    text.replace(/[<>&]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ]);
  const markup = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [...new Set([value, ...percent, ...escaped, markup, markup.replaceAll("'", '&#39;')])];
}

/** Two digits for each byte, in small letters. */
export function hexForm(value: string): string {
  return Buffer.from(value).toString('hex');
}

export interface Base64Form {
  /** The digits that the value alone decides. */
  readonly core: string;
  /** The digits which could stand before and behind it, where they hold a part of the value; else empty. */
  readonly before: string;
  readonly after: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** At each of the three places inside a group of base64 where a value can begin; in both alphabets. */
export function base64Forms(value: string): readonly Base64Form[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(2)]).toString('base64');
    const from = 8 * offset;
    const to = from + 8 * bytes.length;
    const first = Math.ceil(from / 6);
    const last = Math.floor(to / 6);
    const form = {
      core: padded.slice(first, last),
      before: from % 6 === 0 ? '' : sharing(padded, first - 1, 6 - (from % 6), 'low'),
      after: to % 6 === 0 ? '' : sharing(padded, last, to % 6, 'high'),
    };
    return [form, mapForm(form, toUrlAlphabet)];
  });
}

/** All digits whose low or high bits are those of the digit at an index. */
function sharing(text: string, index: number, bits: number, end: 'low' | 'high'): string {
  const part = (digit: number) => (end === 'low' ? digit & ((1 << bits) - 1) : digit >> (6 - bits));
  const wanted = part(ALPHABET.indexOf(text.charAt(index)));
  return Array.from(ALPHABET)
    .filter((_, digit) => part(digit) === wanted)
    .join('');
}

function toUrlAlphabet(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

function mapForm({ core, before, after }: Base64Form, map: (text: string) => string): Base64Form {
  return { core: map(core), before: map(before), after: map(after) };
}

/** Like encodeURIComponent, which throws at half of a surrogate pair. */
function percentEncode(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${hex(byte)}`).join('');
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
