import type { Settings } from './settings.js';

/** What the environment says of the way to AWS, as far as the SDK does not read it by itself. */
export function environmentSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Pick<Settings, 'region' | 'extraCaCertificates'> {
  // As the AWS provider does: both come before the profile's region. The SDK knows the first alone.
  const region = [env.AWS_REGION, env.AWS_DEFAULT_REGION].find(Boolean);
  // Node trusts NODE_EXTRA_CA_CERTS by itself only as long as no other certificate is named.
  const extra = [env.LIGHTSAIL_EXTRA_CA_CERTS, env.NODE_EXTRA_CA_CERTS, env.AWS_CA_BUNDLE];
  const extraCaCertificates = extra.filter((path): path is string => Boolean(path));
  return {
    ...(region && { region }),
    ...(extraCaCertificates.length > 0 && { extraCaCertificates }),
  };
}
