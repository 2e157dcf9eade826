#!/usr/bin/env node
// GitHub Actions: one secret with the whole pair, and a variable beside it that says which key it is. Usage:
// github.mjs OWNER/REPOSITORY NAME
//
// Nobody can read a secret back, so the variable is all that this program goes by: a secret without it is somebody
// else's and stays. It cannot tell when somebody has replaced the secret and left the variable.
//
// Needs a `gh` that knows `secret list --json` and `variable list --json`, with a token in GH_TOKEN that may read and
// write secrets and variables.
import { answer, readEvent, refuse, run } from './event.mjs';

const [repository, name] = process.argv.slice(2);
const at = ['--repo', repository];
const label = `${name}_ACCESS_KEY_ID`;
const reference = `github:${repository}/secrets/${name}`;
const event = readEvent();
// Whole lists: `variable get` fails alike for a variable that is not there and a repository that it may not see.
const find = (kind, wanted, fields) =>
  JSON.parse(run('gh', [kind, 'list', ...at, '--json', fields])).find(
    (each) => each.name === wanted.toUpperCase(),
  );
const hasSecret = find('secret', name, 'name') !== undefined;
const variable = find('variable', label, 'name,value')?.value;
const setVariable = (input, isAbsent) => run('gh', ['variable', 'set', label, ...at], { input, isAbsent });

if (event.event === 'write') {
  const isOurs = /^[A-Z0-9]{16,}$/.test(variable ?? '');
  if (variable === undefined ? hasSecret : !isOurs) refuse(reference);
  // The variable is there before the secret, which it marks as ours; that it can be written is known, too, while the old
  // secret is still in place. It names the new key only when the secret is that of the new key.
  setVariable(variable ?? event.accessKeyId);
  run('gh', ['secret', 'set', name, ...at], { input: event.content });
  // To fail now withdraws the key whose pair GitHub has already, so an accident on the way must not be the end.
  const isSet = [1, 2].some(() => setVariable(event.accessKeyId, () => true) !== null);
  if (!isSet) setVariable(event.accessKeyId);
  answer(reference);
} else if (variable === event.accessKeyId) {
  // A newer pair, which may be there already, has another ID and stays.
  if (hasSecret) run('gh', ['secret', 'delete', name, ...at]);
  run('gh', ['variable', 'delete', label, ...at]);
}
