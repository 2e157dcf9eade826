/**
 * What differs between the constructs for CDKTF and those for CDK Terrain, in code, in messages and in documentation.
 * Everything else is the same in both: the state, `cdktf.out`, `cdktf.json`, the symbols and the `CDKTF_` variables.
 */
const RULES = [
  [/(['"])cdktf\1/g, '$1cdktn$1'],
  [/@cdktf(?=\\?\/provider-aws)/g, '@cdktn'],
  [/\bcdktf (?=synth|diff|deploy|destroy)/g, 'cdktn '],
  [/\bCDKTF\b/g, 'CDK Terrain'],
];

/** Names that CDK Terrain has kept, and ours. */
const KEPT =
  /cdktf-lightsail-access-key|npm\.invalid\/cdktf|cdktf\/customSynthesis|cdktf\.(out|json)|cdktfStack|CDKTF_/g;

/** Also for what tests say of these sources. */
export function inWordsOfCdktn(text) {
  return RULES.reduce((before, [pattern, replacement]) => before.replace(pattern, replacement), text);
}

/** A source of the constructs as CDK Terrain's users get it; lines stay where they are. */
export function forCdktn(text, name) {
  const rewritten = inWordsOfCdktn(text);
  const [line] = rewritten.split('\n').filter((each) => /cdktf/i.test(each.replace(KEPT, '')));
  if (line === undefined) return rewritten;
  throw new Error(
    `${name} would speak of CDKTF to the users of CDK Terrain, in the line:\n${line}\n` +
      `Write it so that a rule of scripts/build/for-cdktn.mjs applies, or add what CDK Terrain has kept to the list there.`,
  );
}
