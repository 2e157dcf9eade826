#!/usr/bin/env node
// GitLab CI/CD: one masked variable with the whole pair. Usage: gitlab.mjs GROUP/PROJECT NAME
//
// GitLab masks values on one line without spaces only, so the content is in base64: base64 -d gives it back in a job.
// Needs `glab`, with a token in GITLAB_TOKEN.
import { answer, readEvent, run } from './event.mjs';

const [project, name] = process.argv.slice(2);
const at = ['--repo', project];
const event = readEvent();
const stored = run('glab', ['variable', 'get', name, ...at], { mayFail: true });

if (event.event === 'write') {
  const input = Buffer.from(event.content).toString('base64');
  run('glab', ['variable', stored === null ? 'set' : 'update', name, ...at, '--masked', '--raw'], { input });
  answer(`gitlab:${project}/variables/${name}`);
} else if (stored !== null) {
  // A newer pair may be there already: it stays.
  const content = Buffer.from(stored, 'base64').toString();
  if (content.includes(event.accessKeyId)) run('glab', ['variable', 'delete', name, ...at]);
}
