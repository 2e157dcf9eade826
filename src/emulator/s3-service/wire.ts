import { randomBytes } from 'node:crypto';
import { type Answer, type ServiceError } from '../service.js';

type Xml = string | readonly Element[];
type Element = readonly [name: string, content: Xml];

export function element(name: string, content: Xml | number | boolean): Element {
  return [name, typeof content === 'object' ? content : String(content)];
}

export function xmlAnswer(status: number, root: Element): Answer {
  return s3Answer(status, `<?xml version="1.0" encoding="UTF-8"?>\n${render(root)}`, {
    'content-type': 'application/xml',
  });
}

export function s3Answer(
  status: number,
  body: string | Buffer = '',
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: {
      'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
      'x-amz-id-2': randomBytes(24).toString('base64'),
      server: 'AmazonS3',
      ...headers,
    },
    body: Buffer.from(body),
  };
}

/** The answer to a HEAD goes out without its body, so clients see the status and no code. */
export function xmlError(error: ServiceError): Answer {
  const details = Object.entries(error.details).map(([name, value]) => element(name, value));
  return xmlAnswer(
    error.status,
    element('Error', [element('Code', error.type), element('Message', error.message), ...details]),
  );
}

function render([name, content]: Element): string {
  const inner = typeof content === 'string' ? escape(content) : content.map(render).join('');
  return `<${name}>${inner}</${name}>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escape(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}
