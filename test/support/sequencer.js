const { default: Sequencer } = require('@jest/test-sequencer');

/** Test files that take long though they are small, slowest first: what begins last must not be what takes longest. */
const slow = [
  /stories\/wrongs\//,
  /kill\/(kill|two-bots)\.test/,
  /kill\/(stages|two-bots)\//,
  /stories\/(play|drifts|canary)\./,
  /stories\//,
];

/** Runs what takes long first. Of a fresh clone Jest knows no times, and goes by the size of the files. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => slow.findIndex((pattern) => pattern.test(path)) + 1 || slow.length + 1;
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};
