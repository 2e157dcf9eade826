// npm run docs:sentences: which sentences of the pages have 25 words or more. It only reports: of some, a list or a
// table would be worse.

import { pages, withoutCode } from './pages.mjs';

const LONGEST = 24;

/** Sentences of running text and of lists, in words as a reader counts them: a piece of code is one. */
export function sentencesOf(text) {
  const blocks = withoutCode(text)
    .replace(/<!--[^]*?-->/g, '')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .filter((block) => !/^\s*[|#<]/.test(block));
  return blocks.flatMap((block) => {
    const plain = block
      .replace(/`[^`]*`/g, 'code')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/^\s*(?:[-*]|\d+\.) /, '')
      .replace(/\*\*/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    return plain.split(/(?<=[.!?])\s+/).filter((sentence) => sentence !== '');
  });
}

const wordsIn = (sentence) => sentence.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

let count = 0;
let long = 0;
for (const { path, text } of pages()) {
  for (const sentence of sentencesOf(text)) {
    count += 1;
    const words = wordsIn(sentence);
    if (words <= LONGEST) continue;
    long += 1;
    console.log(`${path}: ${words} words: ${sentence}`);
  }
}
console.log(`${long} of ${count} sentences have more than ${LONGEST} words.`);
