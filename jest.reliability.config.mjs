import { common } from './jest.config.mjs';

/** Minutes, not seconds: npm run test:crash and npm run test:concurrent run what is here. */
export default {
  ...common,
  displayName: 'reliability',
  testMatch: ['<rootDir>/test/reliability/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/require-tools.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/iam/enforce.ts'],
  testTimeout: 2_700_000,
  // Two working folders, and twenty, are as much as a small machine can run at once.
  maxWorkers: 1,
};
