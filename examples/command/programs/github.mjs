#!/usr/bin/env node
// GitHub Actions: one secret with the whole pair, and a variable beside it that says which key it is, since nobody can
// read a secret back. Usage: github.mjs OWNER/REPOSITORY NAME
//
// Needs a `gh` that knows `variable list --json`, with a token in GH_TOKEN that may write secrets and variables.
import { answer, readEvent, run } from './event.mjs';

const [repository, name] = process.argv.slice(2);
const at = ['--repo', repository];
const label = `${name}_ACCESS_KEY_ID`;
const event = readEvent();

if (event.event === 'write') {
  // The secret last: if either call is refused, the new key is withdrawn, and the secret is still that of the old one.
  run('gh', ['variable', 'set', label, ...at], { input: event.accessKeyId });
  run('gh', ['secret', 'set', name, ...at], { input: event.content });
  answer(`github:${repository}/secrets/${name}`);
} else {
  // The whole list: `variable get` fails alike for a variable that is not there and a repository that it may not see.
  const variables = JSON.parse(run('gh', ['variable', 'list', ...at, '--json', 'name,value']));
  const stored = variables.find((variable) => variable.name === label.toUpperCase())?.value;
  // A newer pair may be there already: it stays.
  if (stored === event.accessKeyId) {
    run('gh', ['secret', 'delete', name, ...at]);
    run('gh', ['variable', 'delete', label, ...at]);
  }
}
