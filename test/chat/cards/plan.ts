import type { Plan, Stage } from '../../../src/incidents/plan';

export const copy = 'AppRequestPortal-restored-20260214-0900-inc7-1';
export const old = 'AppRequestPortal-old-20260214-0900-inc7-1';
const server = {
  subscriptionId: 's',
  resourceGroup: 'apprequest-prod',
  server: 'sql-apprequest-prod-demo01',
};

const restore: readonly Stage[] = [
  {
    ...{ kind: 'gate', name: 'begin', title: 'Approval to begin', after: [], expectedMinutes: null },
    ...{ policy: 'begin', covers: ['restore'] },
    question: 'Restore AppRequestPortal into a new database beside production?',
    options: [
      { choice: 'approve', label: 'Approve', leads: 'go-on', needsQuorum: true },
      { choice: 'reject', label: 'Reject', leads: 'stop', needsQuorum: false },
    ],
  },
  {
    ...{
      kind: 'step',
      name: 'restore',
      title: `Restore into ${copy}`,
      after: ['begin'],
      expectedMinutes: 30,
    },
    does: { op: 'sql.point-in-time-restore', server, source: 'AppRequestPortal', target: copy },
    operation: `PUT …/databases/${copy} (createMode PointInTimeRestore)`,
    target: copy,
    back: { undo: [] },
  },
  {
    ...{ kind: 'check', name: 'verify', title: 'Check the restored database', after: ['restore'] },
    ...{ expectedMinutes: 1, withinMinutes: 5, reads: { check: 'sql.restored-copy' } },
  },
  {
    ...{ kind: 'gate', name: 'swap', title: 'Approval to swap', after: ['verify'], expectedMinutes: null },
    ...{ policy: 'swap', covers: ['set-aside', 'swap-in', 'restart'] },
    question: 'Put the restored database in the place of AppRequestPortal now?',
    options: [
      { choice: 'approve', label: 'Approve', leads: 'go-on', needsQuorum: true },
      { choice: 'reject', label: 'Reject', leads: 'stop', needsQuorum: false },
    ],
  },
  {
    ...{ kind: 'step', name: 'set-aside', title: `Rename AppRequestPortal to ${old}`, after: ['swap'] },
    expectedMinutes: 1,
    does: { op: 'sql.rename', server, from: 'AppRequestPortal', to: old, databaseId: 'a' },
    operation: `POST …/databases/AppRequestPortal/move → ${old}`,
    target: 'AppRequestPortal',
    back: { undo: [{ op: 'sql.rename', server, from: old, to: 'AppRequestPortal', databaseId: 'a' }] },
  },
  {
    ...{ kind: 'step', name: 'swap-in', title: `Rename ${copy} to AppRequestPortal`, after: ['set-aside'] },
    expectedMinutes: 1,
    does: {
      op: 'sql.rename',
      server,
      from: copy,
      to: 'AppRequestPortal',
      databaseId: { fact: 'restore.databaseId' },
    },
    operation: `POST …/databases/${copy}/move → AppRequestPortal`,
    target: copy,
    back: {
      undo: [
        {
          op: 'sql.rename',
          server,
          from: 'AppRequestPortal',
          to: copy,
          databaseId: { fact: 'restore.databaseId' },
        },
      ],
    },
  },
  {
    ...{
      kind: 'step',
      name: 'restart',
      title: 'Restart apprequest-prod-demo01, so that it opens new connections',
    },
    ...{ after: ['swap-in'], expectedMinutes: 1, does: { op: 'app.restart' } },
    operation: 'POST …/sites/apprequest-prod-demo01/restart',
    target: 'apprequest-prod-demo01',
    back: { irreversible: 'A restart cannot be taken back; open requests are cut off.' },
  },
  {
    ...{
      kind: 'check',
      name: 'healthy',
      title: 'Wait until App Request Portal is green',
      after: ['restart'],
    },
    ...{ expectedMinutes: 2, withinMinutes: 10, reads: { check: 'app.healthy' } },
  },
  {
    ...{
      kind: 'gate',
      name: 'commit',
      title: 'Keep or swap back',
      after: ['healthy'],
      expectedMinutes: null,
    },
    ...{ policy: 'commit', covers: [] },
    question: `The app is green on the restored data. Keep it, or swap back to ${old}?`,
    options: [
      { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
      { choice: 'swap-back', label: 'Swap back', leads: 'undo', needsQuorum: true },
    ],
  },
];

/** The plan of the demo: a full swap to 24 minutes before the request. */
export const plan: Plan = {
  ...{ runbook: 'restore-database', app: 'apprequest' },
  title: 'Restore AppRequestPortal to 2026-02-14 09:00 UTC',
  parameters: { database: 'AppRequestPortal', at: '2026-02-14T09:00:00Z', how: 'swap' },
  notices: ['Between the two renames the app has no database, for about a minute.'],
  loss: {
    minutes: 24,
    words: '24 minutes of writes: everything after the restore point.',
    from: null,
    settledBy: null,
  },
  duration: { minutes: 60, basis: 'document', words: '30 to 60 minutes by the document; never run here yet' },
  objectives: { rtoMinutes: [60, 120], rpoMinutes: 5 },
  observed: { status: 'Online', tier: 'S0' },
  stages: restore,
  afterwards: [],
  recoveredAfter: 'healthy',
};
