import { common } from '../../../jest.config.mjs';

/** Run by npm run test:cdktf-cli, which installs the cdktf command first. */
export default {
  ...common,
  rootDir: '../../..',
  testMatch: ['<rootDir>/test/e2e/cdktf-cli/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/test/e2e/cdktf-cli/node_modules/'],
  globalSetup: '<rootDir>/test/support/require-tools.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/e2e-timeout.ts', '<rootDir>/test/support/iam/enforce.ts'],
};
