import type { Descriptor } from '../../destinations/descriptor.js';
import { DESTINATIONS } from '../../destinations/registry.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Diagnostics, EphemeralResource, Path, Value } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { secretMembers, validateDestination } from '../shared-arguments.js';
import { isObject } from '../values.js';

const READABLE = DESTINATIONS.filter(({ reading }) => reading.isPossible);
const NAMES = READABLE.map(({ name }) => name).join(', ');

/** The delivered pair of a key, for provider blocks and write-only arguments: in no state and no plan. */
export const bucketAccessKeySecret: EphemeralResource<Session> = {
  schema: {
    version: 0,
    description:
      'The pair that `lightsail_bucket_access_key` has delivered to a store, read back: for provider blocks and write-only arguments. It never makes a key, and is in no state and no plan.',
    attributes: {
      access_key_id: { type: 'string', computed: true, description: 'ID of the key.' },
      secret_access_key: { type: 'string', computed: true, sensitive: true, description: 'Its secret.' },
    },
    blocks: {
      secret: {
        required: true,
        description: `Where the pair is: the \`secret\` of the key. One of ${readableDestinations()}.`,
        attributes: {},
        blocks: secretMembers,
      },
    },
  },
  validate(config, { diagnostics }) {
    validateReadable(config.secret, diagnostics);
  },
  open: async (...call) => (await import('../work.js')).openSecret(...call),
};

/** Refuses a `secret` from which nothing could ever be read, beside what is wrong for a key too. */
function validateReadable(secret: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(secret)) return;
  const refusals = DESTINATIONS.flatMap((one) => refusalOf(one, secret[one.name] ?? null) ?? []);
  for (const { summary, detail, path } of refusals) diagnostics.error(summary, detail, ['secret', ...path]);
  if (refusals.length > 0) return;
  // The others are null, or may turn out to be.
  const readable = Object.entries(secret).filter(
    ([name, member]) => member === UNKNOWN || READABLE.some((one) => one.name === name),
  );
  validateDestination(Object.fromEntries(readable), diagnostics);
}

interface Words {
  readonly summary: string;
  readonly detail: string;
  /** Leads on from `secret`. */
  readonly path: Path;
}

function refusalOf({ name, reading, arguments: all }: Descriptor, member: Value): Words | null {
  if (member === null || member === UNKNOWN) return null;
  if (!reading.isPossible) {
    return {
      path: [name],
      summary: `secret.${name} holds no pair that could be read`,
      detail: `${reading.why} No key is affected. ${reading.instead} ${NAMES}.`,
    };
  }
  const given = isObject(member) ? member : {};
  const sealing = sealingArguments(all).find((argument) => isGiven(given[argument]));
  return sealing === undefined ? null : sealed(name, sealing);
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

function sealingArguments(all: Descriptor['arguments']): readonly string[] {
  return Object.keys(all).filter((argument) => all[argument]?.seals);
}

function sealed(name: string, argument: string): Words {
  return {
    path: [name, argument],
    summary: `secret.${name}.${argument} leaves nothing that could be read`,
    detail: `With recipients there is only age ciphertext on the disk, which their identities alone open. No key is affected. Decrypt it where such an identity is (age --decrypt), or leave ${argument} out of the key and out of here.`,
  };
}

/** The destinations from which a pair can be read, in a sentence: `a`, `b` (without `c`) and `d`. */
function readableDestinations(): string {
  const all = READABLE.map(({ name, arguments: its }) => {
    const without = sealingArguments(its).map((argument) => ` (without \`${argument}\`)`);
    return `\`${name}\`${without.join('')}`;
  });
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}
