const everyday = require('./jest.config.js');

/** Kills of the bot: a spread sample, or with KILL=all every boundary that a run has (ten minutes). */
module.exports = {
  ...everyday,
  testMatch: ['**/test/kill/**/*.test.ts', '**/crash.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // A bot that was killed waits for its place more than it computes.
  maxWorkers: 4,
};
