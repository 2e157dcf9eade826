import type { SdkError } from './sdk-error.js';

/** What helps where a host of AWS has no address: most often its Region is misspelt. Null for other failures. */
export function unknownHost({ code, message }: SdkError): string | null {
  if (code !== 'ENOTFOUND') return null;
  const [, host, region] =
    /ENOTFOUND ((?:[\w-]+\.)+?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)/.exec(message) ?? [];
  return host === undefined || region === undefined
    ? null
    : `There is no host ${host}: see that ${region} is a Region of AWS (region in the provider block, AWS_REGION, AWS_DEFAULT_REGION or the profile), and that this machine resolves names.`;
}
