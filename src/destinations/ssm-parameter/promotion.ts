import { setTimeout as sleep } from 'node:timers/promises';
import { describePair } from './description.js';
import { secureString } from './pair-request.js';
import type { ParameterOptions } from './pair-request.js';
import type { Parameter, ParameterApi, Put } from './parameter-api.js';

const FIRST_PAUSE = 200;
/** How long metadata may lag behind a write. */
const SHOWN_WITHIN = 10_000;

interface Promotion {
  readonly accessKeyId: string;
  readonly text: string;
  readonly before: Parameter | null;
}

/** One write makes the pair current, and says whose it is. False when somebody else was first to make the parameter. */
export async function promoteText(
  api: ParameterApi,
  options: ParameterOptions,
  { accessKeyId, text, before }: Promotion,
): Promise<boolean> {
  const { name } = options;
  const request = (version: number, overwritten: Pick<Parameter, 'tier'> | null): Put =>
    secureString(
      options,
      { name, value: text, description: describePair(accessKeyId, version) },
      overwritten,
    );
  let announced = (before?.version ?? 0) + 1;
  let version = await api.putOnce(request(announced, before));
  if (version === null) return false;
  // Another write came in between: the pair is current, but its description does not name its version.
  while (version !== announced) {
    announced = version + 1;
    version = (await api.put(request(announced, before ?? { tier: '' }))) ?? announced;
  }
  await untilShown(api, name, accessKeyId);
  return true;
}

/** AWS has taken the value; a plan that follows at once must not miss it. */
async function untilShown(api: ParameterApi, name: string, accessKeyId: string): Promise<void> {
  for (let waited = 0, pause = FIRST_PAUSE; waited < SHOWN_WITHIN; waited += pause, pause *= 2) {
    if ((await api.describe(name).catch(() => null))?.accessKeyId === accessKeyId) return;
    await sleep(pause);
  }
}
