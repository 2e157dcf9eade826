import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formsOf } from '../../support/secret-forms.js';
import { decryptWith, IDENTITY, RECIPIENT } from '../../support/destinations/identity.js';
import { builtEdition, type Edition } from '../../support/reliability/edition.js';
import { expectNoLeak } from './life.js';
import { ownForms } from './scan.js';
import { WatchedRun } from './watched-run.js';

const SEALED = `age_recipients = ["${RECIPIENT}"]`;
const FORMATS = ['sdk', 'env', 'credential_process', 'ini'] as const;

it('the forms that are searched for agree with those that another way of finding them gives', () => {
  const value = 'ab/cd+ef=gh"ij<kl>0123456789ABCDEFGHIJKL';
  const other = new Set(formsOf(value));
  for (const form of ownForms(value))
    expect([...other].some((known) => known.includes(form) || form.includes(known))).toBe(true);
});

describe('The secret that goes to', () => {
  let edition: Edition;
  let run: WatchedRun;
  beforeAll(() => {
    edition = builtEdition();
  });
  afterAll(() => {
    edition.remove();
  });
  beforeEach(async () => {
    run = await WatchedRun.begin(edition);
    mkdirSync(join(run.terraform.folder, 'out'));
  });
  afterEach(() => run.end());

  const file = (name: string, more: string) => `file {\npath = "out/${name}"\n${more}\n}`;
  const inFolder = (name: string) => join(run.terraform.folder, name);

  /** The folder goes in the moment in which there is a key to write. */
  const losesFolder = () => {
    const stop = run.emulator.onCall((point, { operation }) => {
      if (point === 'effect-done' && operation === 'CreateBucketAccessKey')
        rmSync(inFolder('out'), { recursive: true });
    });
    return () => {
      stop();
      mkdirSync(inFolder('out'));
    };
  };

  it('a file is nowhere else', () =>
    expectNoLeak(run, {
      secrets: FORMATS.map((format) => file(`key.${format}`, `format = "${format}"`)),
      refusals: [losesFolder],
      allowed: /^stack\/out\/\.?key\.\w+(\.lightsail-pending-\w+)?$/,
    }));

  it('a sealed file is nowhere in clear', () => {
    const opened = async (name: string) => decryptWith(IDENTITY, readFileSync(inFolder(name), 'utf8'));
    return expectNoLeak(run, {
      secrets: [file('key.age', SEALED), file('key.age', `${SEALED}\nformat = "ini"`)],
      refusals: [losesFolder],
      consumed: () => opened('out/key.age'),
    });
  });

  it('the state is nowhere else', () =>
    expectNoLeak(run, {
      secrets: ['terraform_output {}'],
      allowed: /^stack\/terraform\.tfstate(\.backup)?$|^stack\/\w+\.tfplan(!tfstate(-prev)?|!tfplan)?$/,
    }));

  it('the state as ciphertext is nowhere in clear', () => {
    const sealed = () => {
      const state = readFileSync(inFolder('terraform.tfstate'), 'utf8');
      return /"sealed_secret_access_key": ("-----BEGIN.*?")/.exec(state)?.[1] ?? '""';
    };
    return expectNoLeak(run, {
      secrets: [`terraform_output { ${SEALED} }`],
      consumed: () => decryptWith(IDENTITY, JSON.parse(sealed()) as string),
    });
  });
});
