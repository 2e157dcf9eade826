import { RECIPIENT } from '../../support/destinations/identity.js';
import { type Edition, mutatedEdition } from '../../support/reliability/edition.js';
import { LEAKY, type Leak, placesOfLeak } from './leaks.js';

describe('A leak is found:', () => {
  let leaky: Edition;
  beforeAll(() => {
    leaky = mutatedEdition(LEAKY);
  });
  afterAll(() => {
    leaky.remove();
  });

  const SEALED = `age_recipients = ["${RECIPIENT}"]`;
  const file = 'file { path = "key.json" }';
  it.each<[route: string, leak: Leak, secret: string]>([
    ['file', 'log', file],
    ['file', 'log of a recovery', file],
    ['file', 'state', file],
    ['sealed file', 'temporary file', `file {\npath = "key.age"\n${SEALED}\n}`],
    ['terraform_output', 'message', 'terraform_output {}'],
    ['sealed terraform_output', 'state', `terraform_output { ${SEALED} }`],
    ['sealed terraform_output', 'environment', `terraform_output { ${SEALED} }`],
  ])('%s, into the %s', async (_route, leak, secret) => {
    expect(await placesOfLeak(leaky, leak, secret)).not.toEqual([]);
  });
});
