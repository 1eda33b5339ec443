/** The end-to-end stories: a real browser, the real Playground, `npm start` as a person would run it. */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['**/*.e2e.ts'],
  testTimeout: 180_000,
};
