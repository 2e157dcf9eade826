/** The npm package, as what it stores for later runs names it. A test holds the version to package.json. */
export const PACKAGE_NAME = 'cdktf-lightsail-access-key';
export const PACKAGE_VERSION = '0.1.0';
