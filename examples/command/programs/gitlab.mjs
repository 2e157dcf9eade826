#!/usr/bin/env node
// GitLab CI/CD: one masked variable with the whole pair. Usage: gitlab.mjs GROUP/PROJECT NAME
//
// GitLab masks values on one line without spaces only, so the content is in base64: base64 -d gives it back in a job.
// Needs `glab`, with a token in GITLAB_TOKEN (and GITLAB_HOST, where it is not gitlab.com) that may write variables.
// Leave the format at `sdk`: by its bucketName this program knows a pair for its own, and any other value is somebody
// else's and stays.
import { answer, assertSdk, pairIn, readEvent, refuse, run } from './event.mjs';

const [project, name] = process.argv.slice(2);
const at = ['--repo', project];
const reference = `gitlab:${project}/variables/${name}`;
const event = readEvent();
// GitLab's own answer tells a variable that is not there from a project that the token may not see: both are 404.
const path = `projects/${encodeURIComponent(project)}/variables/${name}`;
const found = run('glab', ['api', path], { isAbsent: (said) => said.includes('404 Variable Not Found') });
const pair = found && pairIn(Buffer.from(JSON.parse(found).value ?? '', 'base64').toString());

if (event.event === 'write') {
  assertSdk(event);
  if (found !== null && pair?.bucketName !== event.bucketName) refuse(reference);
  const input = Buffer.from(event.content).toString('base64');
  run('glab', ['variable', found === null ? 'set' : 'update', name, ...at, '--masked', '--raw'], { input });
  answer(reference);
} else if (pair?.accessKeyId === event.accessKeyId) {
  // A newer pair, which may be there already, has another ID and stays.
  run('glab', ['variable', 'delete', name, ...at]);
}
