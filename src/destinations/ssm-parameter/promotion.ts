import { describePair } from './description.js';
import { secureString } from './pair-request.js';
import type { ParameterOptions } from './pair-request.js';
import type { Parameter, ParameterApi, Put } from './parameter-api.js';

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
  // AWS has taken the value; a plan that follows at once must not miss it.
  await api.describe(name).catch(() => null);
  return true;
}
