import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licences of all packages whose code went into the bundles, as their authors ask; each text once. */
export async function thirdPartyNotices(root, inputs) {
  const packages = await Promise.all(packageFolders(inputs).map((folder) => describe(join(root, folder))));
  const titlesByText = new Map();
  for (const { title, text } of packages) {
    titlesByText.set(text, (titlesByText.get(text) ?? new Set()).add(title));
  }
  const sections = [...titlesByText]
    .map(([text, titles]) => `${[...titles].sort().join('\n')}\n\n${text}\n`)
    .sort();
  const rule = `\n${'='.repeat(78)}\n\n`;
  return ['This provider contains code of the following packages.\n', ...sections].join(rule);
}

function packageFolders(inputs) {
  const folders = [...inputs].map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(folders)].filter((folder) => folder !== undefined);
}

async function describe(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') {
    throw new Error(`${name} ${version} names no licence, so it cannot be shipped inside the provider.`);
  }
  const file = (await readdir(folder)).sort().find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? 'The package carries no text.' : await readFile(join(folder, file), 'utf8');
  // Line ends and indentation differ between publishers of one text.
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return { title: `${name} ${version} (${license})`, text: lines.join('\n').trim() };
}
