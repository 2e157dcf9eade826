import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Destination } from '../../../src/lifecycle/destination.js';
import type { JournalEntry } from '../../../src/lifecycle/journal/entry.js';
import { Secret } from '../../../src/secret/secret.js';
import { Workbench } from '../../support/secrets-manager/workbench.js';
import { keepsTheContract } from './contract.js';

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());

keepsTheContract('A Secrets Manager secret', async () => {
  const { arn } = await bench.newSecret();
  return {
    open: () => adapted(arn),
    consumed: async () => secretIn(await bench.consumed(arn)),
    putForeign: () => bench.overwrite(arn, 'theirs'),
    vanish: async () => {
      await bench.owner.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }));
    },
    cleanUp: () => Promise.resolve(),
  };
});

/**
 * Where the suite asks for more than the port promises: a pending pair is read back, which the operator's role may not
 * (its owner does it here), and `0` is the revision of every empty journal (here an emptied one has another).
 */
function adapted(secretId: string): Destination {
  const destination = bench.destination(secretId);
  const { journal } = destination;
  const write = async (entry: JournalEntry | null, revision: string) => {
    const present = revision === '0' ? await journal.read() : null;
    return journal.write(entry, present?.entry === null ? present.revision : revision);
  };
  const staged = async () => {
    const secret = secretIn(await bench.consumed(secretId, 'LIGHTSAIL_PENDING'));
    return secret === null ? null : new Secret(secret);
  };
  return new Proxy<Destination>(destination, {
    get(target, property) {
      if (property === 'staged') return staged;
      if (property === 'journal') return { read: () => journal.read(), write };
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

function secretIn(value: string | null): string | null {
  const content = value === null ? {} : (JSON.parse(value) as { secretAccessKey?: string });
  return content.secretAccessKey ?? null;
}
