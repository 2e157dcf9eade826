#!/usr/bin/env node
// GitHub Actions: one secret with the whole pair, and a variable beside it that says which key it is, since nobody can
// read a secret back. Usage: github.mjs OWNER/REPOSITORY NAME
//
// Needs `gh`, with a token in GH_TOKEN that may write secrets and variables.
import { answer, readEvent, run } from './event.mjs';

const [repository, name] = process.argv.slice(2);
const at = ['--repo', repository];
const label = `${name}_ACCESS_KEY_ID`;
const event = readEvent();

if (event.event === 'write') {
  run('gh', ['secret', 'set', name, ...at], { input: event.content });
  run('gh', ['variable', 'set', label, ...at], { input: event.accessKeyId });
  answer(`github:${repository}/secrets/${name}`);
} else {
  const stored = run('gh', ['variable', 'get', label, ...at], { mayFail: true });
  // A newer pair may be there already: it stays.
  if (stored?.trim() === event.accessKeyId) {
    run('gh', ['secret', 'delete', name, ...at]);
    run('gh', ['variable', 'delete', label, ...at]);
  }
}
