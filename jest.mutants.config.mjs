import { common } from './jest.config.mjs';

/** The tests of the pure decisions, under Stryker: it brings its own environment, and they leave nothing anywhere. */
const { transform, transformIgnorePatterns, cacheDirectory, moduleNameMapper } = common;
export default {
  transform,
  transformIgnorePatterns,
  cacheDirectory,
  moduleNameMapper,
  testMatch: ['<rootDir>/test/unit/lifecycle/decisions.mutants.ts'],
};
