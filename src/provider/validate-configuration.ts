import type { CallContext, ObjectValue } from '../plugin/index.js';
import { integer, isObject, text } from './values.js';

/** Refuses what can be known to be wrong before anything is asked. */
export async function validateConfiguration(
  config: ObjectValue,
  { diagnostics }: CallContext,
): Promise<void> {
  const refuse = (summary: string, detail: string, ...path: string[]) => {
    diagnostics.error(summary, `${detail} No key is affected.`, path);
  };
  const attempts = integer(config.max_attempts);
  if (attempts !== null && (!Number.isInteger(attempts) || attempts < 1 || attempts > 100)) {
    refuse(
      'max_attempts is out of range',
      `It is ${attempts}; give a whole number from 1 to 100.`,
      'max_attempts',
    );
  }
  if (text(config.access_key) !== null && config.secret_key === null) {
    refuse(
      'access_key without secret_key',
      'Static credentials need both; give secret_key too, or neither.',
      'access_key',
    );
  }
  if (text(config.secret_key) !== null && config.access_key === null) {
    refuse(
      'secret_key without access_key',
      'Static credentials need both; give access_key too, or neither.',
      'secret_key',
    );
  }
  if (isObject(config.endpoints)) {
    for (const [service, value] of Object.entries(config.endpoints)) {
      const given = text(value);
      if (given !== null && given !== '' && !isHttpUrl(given)) {
        refuse(
          `The endpoint of ${service} is not a URL`,
          `"${given}" has to begin with http:// or https://.`,
          'endpoints',
          service,
        );
      }
    }
  }
  // Few have a role to assume: what STS takes is read only then.
  if (isObject(config.assume_role)) (await import('./work.js')).validateAssumeRole(config, diagnostics);
}

function isHttpUrl(value: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(value).protocol);
  } catch {
    return false;
  }
}
