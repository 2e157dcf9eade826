import { common } from '../../../jest.config.mjs';

/** Run by npm run test:cdktn-cli, which installs the cdktn command first. */
export default {
  ...common,
  rootDir: '../../..',
  testMatch: ['<rootDir>/test/e2e/cdktn-cli/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/test/e2e/cdktn-cli/node_modules/'],
  globalSetup: '<rootDir>/test/support/require-tools.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/e2e-timeout.ts', '<rootDir>/test/support/iam/enforce.ts'],
};
