/** What a run's steps took is looked up by run, over all incidents that there have ever been. */
export const runIndex = {
  name: '0009-run-index',
  sql: 'create index timeline_run on timeline (run, type)',
};
