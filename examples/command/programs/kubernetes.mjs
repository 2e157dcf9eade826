#!/usr/bin/env node
// Kubernetes: one Secret with the pair, labelled with its bucket and the key's ID. Usage: kubernetes.mjs NAMESPACE NAME
//
// A Secret without the label is somebody else's and stays as it is. What others put into ours is theirs: the API
// server knows by the field manager what this program has written, and no more than that is replaced or removed.
//
// Needs `kubectl`, with a context that may do these on the namespace's Secrets: get, create, patch (an apply on the
// server's side is a patch that may create) and delete.
import { answer, readEvent, refuse, run } from './event.mjs';

const BUCKET = 'lightsail-access-key/bucket';
const ID = 'lightsail-access-key/id';

const [namespace, name] = process.argv.slice(2);
const at = ['--namespace', namespace];
const reference = `kubernetes:${namespace}/secrets/${name}`;
const event = readEvent();
// Nothing for a Secret that is not there; it still fails when the cluster cannot be asked.
const found = run('kubectl', ['get', 'secret', name, ...at, '--ignore-not-found', '--output', 'json']).trim();
const labels = found === '' ? null : (JSON.parse(found).metadata.labels ?? {});

if (event.event === 'write') {
  if (labels && labels[BUCKET] !== event.bucketName) refuse(reference);
  const values = {
    AWS_ACCESS_KEY_ID: event.accessKeyId,
    AWS_SECRET_ACCESS_KEY: event.secretAccessKey,
    AWS_REGION: event.region,
  };
  // Not stringData: the API server keeps no account of who wrote that.
  const inBase64 = ([key, value]) => [key, Buffer.from(value).toString('base64')];
  apply(
    { labels: { [BUCKET]: event.bucketName, [ID]: event.accessKeyId } },
    { data: Object.fromEntries(Object.entries(values).map(inBase64)) },
  );
  answer(reference);
} else if (labels?.[ID] === event.accessKeyId) {
  // A newer pair, which may be there already, has another ID and stays.
  const { data } = apply({}, {});
  if (!data) run('kubectl', ['delete', 'secret', name, ...at, '--wait=false']);
}

/**
 * Makes this all that the Secret has from here: what it had before goes, unless somebody else has written it, too. Where
 * somebody else has changed it, that is a conflict, and the call fails. Answers the Secret.
 */
function apply(metadata, content) {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, ...metadata }, ...content };
  // On the server's side: kubectl's own way keeps a copy of the secret in an annotation.
  const how = ['--server-side', '--field-manager', 'lightsail-access-key', '--output', 'json'];
  return JSON.parse(run('kubectl', ['apply', ...how, '--filename', '-'], { input: JSON.stringify(secret) }));
}
