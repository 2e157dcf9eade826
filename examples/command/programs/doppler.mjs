#!/usr/bin/env node
// Doppler: one secret with the whole pair, so that no reader finds half of an old one. Usage: doppler.mjs PROJECT CONFIG NAME
//
// Needs `doppler` 3.25 or later, with a service token that may read and write in DOPPLER_TOKEN. Leave the format at
// `sdk`: by its bucketName this program knows a pair for its own, and any other value is somebody else's and stays.
import { answer, assertSdk, pairIn, readEvent, refuse, run } from './event.mjs';

const [project, config, name] = process.argv.slice(2);
const where = ['--project', project, '--config', config];
const reference = `doppler:${project}/${config}/${name}`;
const event = readEvent();
// Nothing for a secret that is not there; it still fails when Doppler cannot be asked.
const get = ['secrets', 'get', name, ...where, '--plain', '--no-exit-on-missing-secret'];
const stored = run('doppler', get).trim();
const pair = pairIn(stored);

if (event.event === 'write') {
  assertSdk(event);
  if (stored !== '' && pair?.bucketName !== event.bucketName) refuse(reference);
  // Without --silent it prints what it has stored.
  run('doppler', ['secrets', 'set', name, ...where, '--no-interactive', '--silent'], {
    input: event.content,
  });
  answer(reference);
} else if (pair?.accessKeyId === event.accessKeyId) {
  // A newer pair, which may be there already, has another ID and stays.
  run('doppler', ['secrets', 'delete', name, ...where, '--yes', '--silent']);
}
