#!/usr/bin/env node
// Kubernetes: one Secret with the pair, labelled with the key's ID. Usage: kubernetes.mjs NAMESPACE NAME
//
// Needs `kubectl`, with a context that may do these on the namespace's Secrets: create and patch (an apply on the
// server's side is a patch that may create), list, get, watch and delete (it finds them by a selector, and waits until
// they are gone).
import { answer, readEvent, run } from './event.mjs';

const [namespace, name] = process.argv.slice(2);
const event = readEvent();

if (event.event === 'write') {
  const secret = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: { 'lightsail-access-key/of': name, 'lightsail-access-key/id': event.accessKeyId },
    },
    stringData: {
      AWS_ACCESS_KEY_ID: event.accessKeyId,
      AWS_SECRET_ACCESS_KEY: event.secretAccessKey,
      AWS_REGION: event.region,
    },
  });
  // On the server's side: kubectl's own way keeps a copy of the secret in an annotation.
  const serverSide = ['--server-side', '--force-conflicts', '--field-manager', 'lightsail-access-key'];
  run('kubectl', ['apply', ...serverSide, '--filename', '-'], { input: secret });
  answer(`kubernetes:${namespace}/secrets/${name}`);
} else {
  // By its labels: a newer pair, which may be there already, has another ID and stays.
  const selector = `lightsail-access-key/of=${name},lightsail-access-key/id=${event.accessKeyId}`;
  run('kubectl', ['delete', 'secrets', '--namespace', namespace, '--selector', selector]);
}
