/** Packages that are ES modules only; jest runs the tests as CommonJS. */
const modules = '/node_modules/(age-encryption|@noble|@scure)/';

/** What all tests share. */
export const common = {
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
    [`${modules}.+\\.js$`]: ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`^(?!.*${modules}).*/node_modules/`],
  // Nothing of a run stays in the temporary folder, and nothing of a test file in its part of it.
  globalSetup: '<rootDir>/test/support/temporary/open-run-folder.ts',
  testEnvironment: '<rootDir>/test/support/temporary/environment.ts',
  // Its own choice is the temporary folder.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // The sources import each other under the names that they have once compiled.
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': ['$1.ts', '$1.js'] },
};

/** A thousand buckets, and states of hashicorp/aws. */
const LARGE_AUDITS = '<rootDir>/test/e2e/command/audit-(scale|states)\\.test\\.ts$';

/** The package is built, packed and installed again and again: npm run test:package. */
const PACKAGE = 'test/e2e/@(package|build)/*.test.ts';

/** It installs what the README says, both frameworks' commands of 200 MB among it: npm run test:readme. */
const README = 'test/e2e/readme/readme.test.ts';

/** The emulator under hashicorp/aws, which takes half a minute for a key. */
const UNDER_AWS_PROVIDER = 'test/e2e/emulator/aws-provider.test.ts';

/** Tens of thousands of histories, half of them in each of two files. Not with <rootDir>, which jest does not put into a pattern that begins with "!". */
const MODEL = '**/test/unit/lifecycle/model-*.test.ts';

/** Lists that lag and deletions that do not happen are waited for, up to a minute each. */
const WAITING = 'test/e2e/provider/@(deletions|list-lag|missing-lists).test.ts';

/** What befalls a key, one history after the other, and what walks the whole of a key's life. */
const HISTORIES = [
  'provider/!(main-path|configuration|validation|data-source|deletions|list-lag|missing-lists)',
  'reliability-outcomes/*',
  'reliability/*',
  'examples/audit',
  'constructs/synthesized-stack',
  'demo/*',
  'canary/@(canary|leak)',
].map((files) => `test/e2e/${files}.test.ts`);

/** Each case of a key's life as Terraform plays it, in half a minute. */
const BEHAVIOUR = '**/test/unit/provider/behaviour/*.test.ts';

const endToEnd = {
  ...common,
  globalSetup: '<rootDir>/test/support/require-tools.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/e2e-timeout.ts', '<rootDir>/test/support/iam/enforce.ts'],
};

/** These put a real client, of a store or of S3, before moto_server, which takes seconds: npm run test:stores. */
const OVER_MOTO = '**/test/unit/{destinations/@(secrets-manager|ssm)*,lightsail/*-over-moto}.test.ts';

/** Constructs that CDK Terrain alone has. */
const CDKTN = '**/test/unit/cdktn/*.test.ts';

/** Unit tests read the sources and take milliseconds; end-to-end tests drive the built package. */
export default {
  // End-to-end tests mostly wait, for Terraform and its providers: two cores carry three of them.
  maxWorkers: 3,
  // What a file runs at once waits nearly all of its time.
  maxConcurrency: 12,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/test/unit/**/*.test.ts',
        `!${OVER_MOTO}`,
        `!${MODEL}`,
        `!${BEHAVIOUR}`,
        `!${CDKTN}`,
      ],
      setupFilesAfterEnv: ['<rootDir>/test/support/unit-timeout.ts'],
    },
    // The same constructs on CDK Terrain. @cdktn/provider-aws is 476 MB: that of CDKTF makes the same blocks.
    {
      ...common,
      displayName: 'cdktn',
      testMatch: ['<rootDir>/test/unit/@(constructs|cdktn)/**/*.test.ts'],
      transform: {
        ...common.transform,
        '\\.ts$': ['<rootDir>/test/support/cdktn-transform.mjs', common.transform['\\.ts$'][1]],
      },
      moduleNameMapper: {
        ...common.moduleNameMapper,
        '^cdktf$': 'cdktn',
        '^@cdktn/provider-aws/(.*)$': '@cdktf/provider-aws/$1',
      },
      setupFilesAfterEnv: ['<rootDir>/test/support/unit-timeout.ts'],
    },
    // In a process of its own: in one that has run a hundred other tests it takes six times as long.
    { ...common, displayName: 'model', testMatch: [MODEL] },
    // UPDATE_BEHAVIOUR=1 records what the cases show, in test/unit/provider/behaviour/golden.
    {
      ...common,
      displayName: 'behaviour',
      testMatch: [BEHAVIOUR],
      setupFilesAfterEnv: ['<rootDir>/test/support/unit-timeout.ts'],
    },
    {
      ...endToEnd,
      displayName: 'e2e',
      testMatch: [
        '**/test/e2e/**/*.test.ts',
        '**/examples/*/*.test.ts',
        ...HISTORIES.map((files) => `!**/${files}`),
      ],
      // The frameworks' commands are 200 MB each: npm run test:cdktf-cli and test:cdktn-cli install them.
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/e2e/cdkt[fn]-cli/',
        '<rootDir>/test/e2e/destinations/',
        '<rootDir>/test/e2e/rotation/',
        '<rootDir>/test/e2e/provider/(deletions|list-lag|missing-lists)\\.test\\.ts$',
        LARGE_AUDITS,
        UNDER_AWS_PROVIDER,
        '<rootDir>/test/e2e/(package|build)/',
        README,
      ],
      modulePathIgnorePatterns: ['<rootDir>/test/e2e/cdkt[fn]-cli/'],
    },
    // Minutes: npm run test:histories.
    { ...endToEnd, displayName: 'histories', testMatch: HISTORIES.map((files) => `<rootDir>/${files}`) },
    // Minutes, too: npm run test:audit.
    {
      ...endToEnd,
      displayName: 'audit',
      testMatch: ['<rootDir>/test/e2e/command/audit-@(scale|states).test.ts'],
    },
    // npm run test:emulator.
    { ...endToEnd, displayName: 'emulator', testMatch: [`<rootDir>/${UNDER_AWS_PROVIDER}`] },
    { ...endToEnd, displayName: 'package', testMatch: [`<rootDir>/${PACKAGE}`] },
    { ...endToEnd, displayName: 'readme', testMatch: [`<rootDir>/${README}`] },
    // Needs a Chromium: npm run test:browser.
    { ...common, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
    // Weeks of a key's life take minutes: npm run test:rotation.
    {
      ...endToEnd,
      displayName: 'rotation',
      testMatch: ['<rootDir>/test/e2e/rotation/**/*.test.ts', `<rootDir>/${WAITING}`],
    },
    // So does every store, by itself and under a real Terraform: npm run test:stores.
    {
      ...endToEnd,
      displayName: 'stores',
      testMatch: ['<rootDir>/test/e2e/destinations/**/*.test.ts', OVER_MOTO],
    },
  ],
};
