import type { ObjectValue, Value } from '../../../../src/plugin/index.js';
import { UNKNOWN } from '../../../../src/plugin/index.js';
import { configOf, hooks, rotation, toFile, toOutput } from '../../provider/behaviour/arguments.js';
import { hasOverlap } from './scenario.js';
import type { Scenario } from './scenario.js';

/** What the author changes in the course of a history. */
export interface Configuration {
  readonly bucket: string;
  /** The value of a `keepers` argument: another one in the configuration rotates. */
  readonly keeper: number;
  readonly createBeforeDestroy: boolean;
  readonly verifySeconds: number;
}

const OVERLAP_HOURS = 24;
const AFTER_DAYS = 30;

/** Each history of a scenario asks for the same few. */
const made = new WeakMap<Scenario, Map<string, ObjectValue>>();

/** As core hands it over. `isKnown`: what is known only at apply is known by now. */
export function configFor(scenario: Scenario, configuration: Configuration, isKnown: boolean): ObjectValue {
  const configs = made.get(scenario) ?? new Map<string, ObjectValue>();
  made.set(scenario, configs);
  const { bucket, keeper, verifySeconds } = configuration;
  const name = `${bucket} ${keeper} ${verifySeconds} ${isKnown}`;
  const config = configs.get(name) ?? make(scenario, configuration, isKnown);
  configs.set(name, config);
  return config;
}

function make(
  scenario: Scenario,
  { bucket, keeper, verifySeconds }: Configuration,
  isKnown: boolean,
): ObjectValue {
  const { action, exclusive, s3 } = scenario;
  const open = (what: Scenario['unknown'], value: Value) =>
    scenario.unknown === what && !isKnown ? UNKNOWN : value;
  return configOf({
    bucket_name: bucket,
    exclusive,
    verify: s3 !== 'off',
    verify_timeout_seconds: verifySeconds,
    secret: secretFor(scenario, open('secret', '/store')),
    rotation: rotation({
      after_days: action === 'rotate-due' ? AFTER_DAYS : null,
      overlap_hours: hasOverlap(scenario) ? OVERLAP_HOURS : 0,
      keepers: open('keepers', { version: String(keeper) }),
    }),
    hooks: scenario.hooks || action === 'hook-again' ? hooks('notes') : null,
  });
}

function secretFor({ route }: Scenario, path: Value): Value {
  switch (route) {
    case 'readable':
      return toFile(path);
    case 'sealed':
      return toFile(path, { age_recipients: ['age1reader'] });
    case 'output':
      return toOutput();
  }
}
