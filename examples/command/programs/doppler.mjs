#!/usr/bin/env node
// Doppler: one secret with the whole pair, so that no reader finds half of an old one. Usage: doppler.mjs PROJECT CONFIG NAME
//
// Needs `doppler` 3.25 or later, with a service token that may write in DOPPLER_TOKEN. Leave the format at `sdk`.
import { answer, readEvent, run } from './event.mjs';

const [project, config, name] = process.argv.slice(2);
const where = ['--project', project, '--config', config];
const event = readEvent();

if (event.event === 'write') {
  // Without --silent it prints what it has stored.
  run('doppler', ['secrets', 'set', name, ...where, '--no-interactive', '--silent'], {
    input: event.content,
  });
  answer(`doppler:${project}/${config}/${name}`);
} else {
  // Nothing for a secret that is not there; it still fails when Doppler cannot be asked.
  const get = ['secrets', 'get', name, ...where, '--plain', '--no-exit-on-missing-secret'];
  const stored = run('doppler', get).trim();
  // A newer pair may be there already: it stays.
  if (stored !== '' && JSON.parse(stored).accessKeyId === event.accessKeyId) {
    run('doppler', ['secrets', 'delete', name, ...where, '--yes', '--silent']);
  }
}
