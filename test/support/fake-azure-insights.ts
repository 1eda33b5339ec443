import type { Azure } from '../../src/azure/azure';

/** The small Azure reports no failures and keeps no activity log; signing in to it works. */
export const fakeInsights: Azure['insights'] = {
  availability: async () => [],
  changes: async () => [],
  passwords: async () => [{ endsOn: null }],
  signIn: async () => ({ state: 'answers', status: 200, words: 'Sign-in answers.' }),
};
