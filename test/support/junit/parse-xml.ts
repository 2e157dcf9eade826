export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN =
  /<\/(?<end>[\w.-]+)>|<(?<start>[\w.-]+)(?<attributes>(?: [\w.-]+="[^"<]*")*)(?<empty>\/?)>|(?<text>[^<]+)/y;

/** A strict reader of the XML that a report needs: anything else in it, such as a bare `&`, is an error. */
export function parseXml(document: string): XmlElement {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new Error('The XML declaration is missing.');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  TOKEN.lastIndex = head.length;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(document)?.groups;
    const parent = open.at(-1);
    if (!groups || !parent) throw new Error(`Not XML: ${document.slice(at, at + 80)}`);
    if (groups.text !== undefined) parent.text += unescape(groups.text);
    else if (groups.end !== undefined) {
      if (open.pop()?.name !== groups.end) throw new Error(`</${groups.end}> closes nothing.`);
    } else {
      const child = {
        name: groups.start ?? '',
        attributes: attributesOf(groups.attributes),
        children: [],
        text: '',
      };
      parent.children.push(child);
      if (groups.empty !== '/') open.push(child);
    }
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || !only || others.length > 0) throw new Error('A document has one element, closed.');
  return only;
}

function attributesOf(text = ''): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/ ([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescape(value)]),
  );
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text))
    throw new Error('Not a character of XML.');
  return text.replace(
    /&(?:(\w+)|#(\d+));|&/g,
    (whole, name: string | undefined, code: string | undefined) => {
      const character = name === undefined ? code && String.fromCodePoint(Number(code)) : NAMED[name];
      if (character) return character;
      throw new Error(`Not a reference of XML: ${whole}`);
    },
  );
}
