import { parseXml, type XmlElement } from './parse-xml.js';

/** Attributes that an element has to have (`!`) or may have, and its children, in order; `*`: any number. */
interface Rule {
  readonly attributes: Readonly<Record<string, RegExp>>;
  readonly optional?: readonly string[];
  readonly children: RegExp;
}

const TEXT = /^[^\n]+$/;
const COUNT = /^\d+$/;

/**
 * The schema of Ant's JUnit report (JUnit.xsd of Windy Road), which is the strictest of those that go by the name:
 * what holds there holds for Jenkins' and GitLab's.
 */
const RULES: Readonly<Record<string, Rule>> = {
  testsuites: { attributes: {}, children: /^(testsuite )*$/ },
  testsuite: {
    attributes: {
      id: COUNT,
      package: TEXT,
      name: TEXT,
      hostname: TEXT,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      tests: COUNT,
      failures: COUNT,
      errors: COUNT,
      time: /^\d+(\.\d+)?$/,
    },
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { attributes: {}, children: /^(property )*$/ },
  testcase: {
    attributes: { name: TEXT, classname: TEXT, time: /^\d+(\.\d+)?$/ },
    children: /^((skipped|error|failure) )?$/,
  },
  failure: { attributes: { type: /./ }, optional: ['message'], children: /^$/ },
  error: { attributes: { type: /./ }, optional: ['message'], children: /^$/ },
  'system-out': { attributes: {}, children: /^$/ },
  'system-err': { attributes: {}, children: /^$/ },
};

/** The document, once it is found valid: by the schema, and by its own counts. */
export function checkJunit(document: string): XmlElement {
  const root = parseXml(document);
  if (root.name !== 'testsuites') throw new Error(`The root is ${root.name}.`);
  check(root);
  for (const suite of root.children) checkCounts(suite);
  return root;
}

function check(element: XmlElement): void {
  const { name, attributes, children } = element;
  const rule = RULES[name];
  if (!rule) throw new Error(`There is no element ${name}.`);
  const allowed = new Set([...Object.keys(rule.attributes), ...(rule.optional ?? [])]);
  const unknown = Object.keys(attributes).filter((attribute) => !allowed.has(attribute));
  const wrong = Object.entries(rule.attributes).filter(
    ([key, pattern]) => !pattern.test(attributes[key] ?? ''),
  );
  if (unknown.length > 0 || wrong.length > 0) {
    throw new Error(`${name} has unknown ${unknown.join()} and wrong ${wrong.map(([key]) => key).join()}.`);
  }
  const inside = children.map((child) => `${child.name} `).join('');
  if (!rule.children.test(inside)) throw new Error(`${name} holds ${inside}.`);
  for (const child of children) check(child);
}

function checkCounts({ attributes, children }: XmlElement): void {
  const cases = children.filter(({ name }) => name === 'testcase');
  const having = (kind: string) => cases.filter((of) => of.children.some(({ name }) => name === kind)).length;
  const counts = [cases.length, having('failure'), having('error')].map(String);
  if (counts.join() !== [attributes.tests, attributes.failures, attributes.errors].join()) {
    throw new Error(`The suite ${attributes.name ?? ''} miscounts: ${counts.join()}.`);
  }
}
