import { TEST_CREDENTIALS } from '../../src/emulator/index.js';

/** The AWS provider's block for stand-ins of its services, each under its URL. */
export function awsProviderBlock(region: string, endpoints: Readonly<Record<string, string>>): string {
  return `provider "aws" {
  region                      = "${region}"
  access_key                  = "${TEST_CREDENTIALS.accessKeyId}"
  secret_key                  = "${TEST_CREDENTIALS.secretAccessKey}"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  endpoints {
    ${Object.entries(endpoints)
      .map(([service, url]) => `${service} = "${url}"`)
      .join('\n    ')}
  }
}`;
}
