#!/usr/bin/env node
// 1Password: one item with the pair. Usage: one-password.mjs VAULT TITLE
//
// Needs `op` 2.23 or later, signed in: in CI by OP_SERVICE_ACCOUNT_TOKEN in Terraform's environment.
import { answer, readEvent, run } from './event.mjs';

const [vault, title] = process.argv.slice(2);
const event = readEvent();
const items = JSON.parse(run('op', ['item', 'list', '--vault', vault, '--format', 'json']));
const id = items.find((item) => item.title === title)?.id;

if (event.event === 'write') {
  const item = JSON.stringify({
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
  if (id === undefined) run('op', ['item', 'create', '--vault', vault, '-'], { input: item });
  else run('op', ['item', 'edit', id, '--vault', vault], { input: item });
  answer(`op://${vault}/${title}/content`);
} else if (id !== undefined) {
  const field = ['--fields', 'label=access-key-id'];
  const stored = run('op', ['item', 'get', id, '--vault', vault, ...field]).trim();
  // A newer pair may be there already: it stays.
  if (stored === event.accessKeyId) run('op', ['item', 'delete', id, '--vault', vault]);
}
