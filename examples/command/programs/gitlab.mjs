#!/usr/bin/env node
// GitLab CI/CD: one masked variable with the whole pair. Usage: gitlab.mjs GROUP/PROJECT NAME
//
// GitLab masks values on one line without spaces only, so the content is in base64: base64 -d gives it back in a job.
// Needs `glab`, with a token in GITLAB_TOKEN (and GITLAB_HOST, where it is not gitlab.com) that may write variables.
import { answer, readEvent, run } from './event.mjs';

const [project, name] = process.argv.slice(2);
const at = ['--repo', project];
const event = readEvent();
// GitLab's own answer tells a variable that is not there from a project that the token may not see: both are 404.
const path = `projects/${encodeURIComponent(project)}/variables/${name}`;
const found = run('glab', ['api', path], { isAbsent: (said) => said.includes('404 Variable Not Found') });

if (event.event === 'write') {
  const input = Buffer.from(event.content).toString('base64');
  run('glab', ['variable', found === null ? 'set' : 'update', name, ...at, '--masked', '--raw'], { input });
  answer(`gitlab:${project}/variables/${name}`);
} else if (found !== null) {
  // A newer pair may be there already: it stays.
  const content = Buffer.from(JSON.parse(found).value, 'base64').toString();
  if (content.includes(event.accessKeyId)) run('glab', ['variable', 'delete', name, ...at]);
}
