/**
 * npm run test:mutants: changes the decision code in every small way, and fails where no test of it notices. A mutant
 * that does the same as the code gets a `Stryker disable` comment with the reason.
 */
export default {
  mutate: [
    'cause',
    'decide',
    'decide-refresh',
    'decide-removal',
    'earlier-run',
    'room',
    'rotation-policy',
  ].map((name) => `src/lifecycle/${name}.ts`),
  testRunner: 'jest',
  jest: { configFile: 'jest.mutants.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  disableTypeChecks: true,
  // A copy of what these tests read, and of nothing that another run of jest beside this one would take for its own.
  ignorePatterns: [
    '**',
    '!jest*.mjs',
    '!src/contract/**',
    '!src/lifecycle/**',
    '!src/secret/**',
    '!test/unit/lifecycle/deci*.ts',
  ],
  tempDirName: 'coverage/mutants',
  cleanTempDir: 'always',
  concurrency: 2,
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
  // A machine that is busy with other things is no endless loop.
  timeoutMS: 60_000,
  thresholds: { high: 100, low: 100, break: 100 },
};
