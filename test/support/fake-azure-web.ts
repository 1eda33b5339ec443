import type { FakeOperations } from './fake-azure-operations';

/** App Service: a restart leaves nothing behind but a line in the activity log. */
export const fakeWeb: FakeOperations<'app.restart'> = {
  'app.restart': {
    name: ({ app }) => app.app,
    // The log is asked only by who may have sent it before.
    look: (state, _operation, sent) =>
      sent.resumed && state.changes.some((one) => one.requestId === sent.requestId)
        ? { state: 'done', facts: {} }
        : { state: 'absent' },
    change: () => ({ state: 'done', facts: {} }),
  },
};
