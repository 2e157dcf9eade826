/** The provider's local name in Terraform, and the first word of its types. */
export const PROVIDER_TYPE = 'lightsail';
export const PROVIDER_SOURCE = 'npm.invalid/cdktf/lightsail';

/** What Terraform calls the provider's resources and data sources. */
export const TYPES = {
  accessKey: 'lightsail_bucket_access_key',
  audit: 'lightsail_bucket_access_key_audit',
  accessKeys: 'lightsail_bucket_access_keys',
  secret: 'lightsail_bucket_access_key_secret',
} as const;

/** The API's own constraint: https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_Bucket.html */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html */
export const ACCESS_KEY_ID = /^\w{16,128}$/;

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
export const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

/** The npm package, as what it stores for later runs names it. A test holds the version to package.json. */
export const PACKAGE_NAME = 'cdktf-lightsail-access-key';
export const PACKAGE_VERSION = '0.1.0';
