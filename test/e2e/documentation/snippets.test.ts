import * as library from 'cdktf-lightsail-access-key';
import * as terrain from 'cdktf-lightsail-access-key/cdktn';
import * as emulator from 'cdktf-lightsail-access-key/emulator';
import { complaintsAbout, type Names } from '../../support/documentation/compile.js';
import {
  docstringSnippets,
  makersOfTheLibrary,
  namesOf,
  pageSnippets,
  type Snippet,
} from '../../support/documentation/snippets.js';

const examples = docstringSnippets(/^src\/(?!cdktn\/)/);
const all: readonly Snippet[] = [...examples, ...pageSnippets()];

const exported: Names = {
  'cdktf-lightsail-access-key': Object.keys(library),
  'cdktf-lightsail-access-key/emulator': Object.keys(emulator),
};

/** Each as it would be had the package given another name to what it uses. */
const ours = new RegExp(`\\b(${Object.values(exported).flat().join('|')})\\b`);
const broken = all
  .filter(({ code }) => ours.test(code))
  .map(({ title, code }) => ({ title: `outdated ${title}`, code: code.replace(ours, '$1OfOld') }));

/** Those of the constructs, which the users of either framework read in its words, and those that CDK Terrain alone has. */
const forTerrain: readonly Snippet[] = docstringSnippets(/^src\/(constructs|cdktn)\//).map(
  ({ title, code }) => ({
    title: `for CDK Terrain ${title}`,
    code: code.replaceAll('cdktf', 'cdktn'),
  }),
);

let complaints: Map<string, string[]>;
beforeAll(() => {
  const terrainNames: Names = { 'cdktf-lightsail-access-key/cdktn': Object.keys(terrain) };
  complaints = new Map([
    ...complaintsAbout([...all, ...broken], exported),
    ...complaintsAbout(forTerrain, terrainNames, 'cdktn'),
  ]);
});

test.each([...all, ...forTerrain])('$title compiles against the built types', ({ title }) => {
  expect(complaints.get(title)).toEqual([]);
});

test.each(broken)('$title does not compile', ({ title }) => {
  expect(complaints.get(title)).not.toEqual([]);
});

test('the README shows a stack', () => {
  expect(all.map(({ title }) => title)).toContainEqual(expect.stringMatching(/^README\.md:\d+$/));
});

test.each(makersOfTheLibrary())('%s has an example', (name) => {
  expect(namesOf([...examples, ...forTerrain])).toContain(name);
});
