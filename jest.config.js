/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/support/sequencer.js',
  globalSetup: '<rootDir>/test/support/build.ts',
  globalTeardown: '<rootDir>/test/support/unused-store.ts',
  // The stories wait for Azure and for Teams' limits more than they compute.
  maxWorkers: 4,
  // Kills of the bot have a run of their own: `npm run kill`.
  testPathIgnorePatterns: ['/node_modules/', '/test/kill/', 'crash\\.test\\.ts$'],
};
