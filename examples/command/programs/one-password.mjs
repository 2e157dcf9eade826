#!/usr/bin/env node
// 1Password: one item with the pair, tagged with its bucket. Usage: one-password.mjs VAULT TITLE
//
// An item of that title without the tag is somebody else's and stays as it is. Ours is written and removed as a whole:
// keep fields of your own in another.
//
// Needs `op` 2.23 or later, signed in: in CI by OP_SERVICE_ACCOUNT_TOKEN in Terraform's environment.
import { answer, readEvent, refuse, run } from './event.mjs';

const [vault, title] = process.argv.slice(2);
const at = ['--vault', vault];
const json = ['--format', 'json'];
const reference = `op://${vault}/${title}/content`;
const event = readEvent();
const tag = `lightsail-access-key/${event.bucketName}`;
const items = JSON.parse(run('op', ['item', 'list', ...at, ...json]))
  .filter((item) => item.title === title)
  .map(({ id }) => JSON.parse(run('op', ['item', 'get', id, ...at, ...json])));
const ours = items.find(({ tags = [] }) => tags.includes(tag));

if (event.event === 'write') {
  // Beside an item of the same title the reference would not say which one it means.
  if (items.some((item) => item !== ours)) refuse(reference);
  const input = JSON.stringify({
    title,
    category: 'API_CREDENTIAL',
    fields: [
      { id: 'access-key-id', label: 'access-key-id', type: 'STRING', value: event.accessKeyId },
      {
        id: 'secret-access-key',
        label: 'secret-access-key',
        type: 'CONCEALED',
        value: event.secretAccessKey,
      },
      { id: 'content', label: 'content', type: 'CONCEALED', value: event.content },
    ],
  });
  // `create` wants a "-" for a template on standard input; `edit` takes what is piped to it, and no "-".
  if (ours) run('op', ['item', 'edit', ours.id, ...at, '--tags', tag], { input });
  else run('op', ['item', 'create', ...at, '--tags', tag, '-'], { input });
  answer(reference);
} else if (ours) {
  const stored = ours.fields.find(({ label }) => label === 'access-key-id')?.value;
  // A newer pair, which may be there already, has another ID and stays.
  if (stored === event.accessKeyId) run('op', ['item', 'delete', ours.id, ...at]);
}
