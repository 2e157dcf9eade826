import { History } from './model/history.js';
import type { Plot } from './model/happenings.js';
import { Judge } from './model/judge.js';
import { Process } from './model/process.js';
import { PLAIN } from './model/scenario.js';
import type { Scenario } from './model/scenario.js';
import type { Descriptor } from '../../../src/destinations/descriptor.js';
import { file } from '../../../src/destinations/file/descriptor.js';
import { terraformOutput } from '../../../src/destinations/terraform-output/descriptor.js';
import type { CallContext } from '../../../src/plugin/index.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import { keysAsKnown } from '../../../src/lifecycle/list-keys.js';
import { render } from '../../../src/lifecycle/message.js';
import type { Message } from '../../../src/lifecycle/message.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { NO_HOOKS } from '../../../src/provider/bucket-access-key/hooks.js';

/** What the provider's session would put together. */
function worldOf(process: Process): KeyContext {
  const { history, stack, signal } = process;
  const { route } = history.scenario;
  const recipients = route === 'sealed' ? { age_recipients: [] } : {};
  const choice = {
    destination: (route === 'output' ? terraformOutput : file) as Descriptor,
    given: { ...recipients, ...(route !== 'output' && { path: '/store', format: 'sdk' }) },
    current: { key: null, reference: null },
  };
  const context = { signal } as CallContext;
  const known = new KnownKeys();
  const learn = () => undefined;
  const warn = (message: Message) => {
    const { summary, detail } = render(message);
    history.say(stack, `${summary}: ${detail}`);
  };
  const around = { learn, warn, signal, log: () => undefined };
  const outside = process.surroundings('uploads', choice, { phase: 'apply', context });
  return {
    ...outside,
    keys: keysAsKnown(outside.keys, known),
    keysOf: (name) => keysAsKnown(outside.keysOf(name), known),
    ...around,
    known,
    hooks: NO_HOOKS,
  };
}

/** The model's fakes for one test: a cloud, a store, and as many processes as it takes. */
export function desk(scenario: Partial<Scenario> = {}, plot: Plot = new Map()) {
  const history = new History({ ...PLAIN, ...scenario }, plot, () => Promise.resolve());
  history.judge = new Judge(history, () => []);
  history.begin();
  const process = () => new Process(history, 'A', 'apply', () => undefined);
  return {
    history,
    cloud: history.cloud,
    store: history.store,
    /** The world of a process that lives until the test ends. */
    world: (): KeyContext => worldOf(process()),
    /** The world of a process that has died. */
    deadWorld: (): KeyContext => {
      const mortal = process();
      mortal.end();
      return worldOf(mortal);
    },
    said: () => history.messages.map(({ text }) => text).join('\n'),
  };
}

export const ORDER = { exclusive: false, verifySeconds: 10 };
