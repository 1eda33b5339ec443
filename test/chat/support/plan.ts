import type { Event } from '../../../src/incidents/event';
import { type Plan, planHash } from '../../../src/incidents/plan';

/** A small plan: somebody approves, a database is restored, the app is looked at. */
const plan: Plan = {
  runbook: 'restore-database',
  app: 'apprequest',
  title: 'Restore AppRequestPortal to 2026-02-14 10:00 UTC',
  parameters: { app: 'apprequest', database: 'AppRequestPortal' },
  notices: [],
  loss: { minutes: 120, words: 'Two hours of writes.', from: null, settledBy: null },
  duration: { minutes: 30, basis: 'document', words: '30 minutes by the document' },
  objectives: { rtoMinutes: [60, 120], rpoMinutes: 5 },
  observed: { tier: 'GP_Gen5_2' },
  stages: [
    {
      kind: 'gate',
      name: 'begin',
      title: 'Approval to begin',
      after: [],
      expectedMinutes: null,
      policy: 'begin',
      question: 'Restore AppRequestPortal?',
      options: [
        { choice: 'approve', label: 'Approve', leads: 'go-on', needsQuorum: true },
        { choice: 'reject', label: 'Reject', leads: 'stop', needsQuorum: false },
      ],
      covers: ['restore'],
    },
    {
      kind: 'step',
      name: 'restore',
      title: 'Restore into a new database',
      after: ['begin'],
      expectedMinutes: 20,
      does: { op: 'sql.restore', target: 'AppRequestPortal-restored' },
      operation: 'PUT …/databases/AppRequestPortal-restored',
      target: 'AppRequestPortal-restored',
      back: { irreversible: 'Nothing to take back: it is a new database.' },
    },
    {
      kind: 'check',
      name: 'healthy',
      title: 'The app is green',
      after: ['restore'],
      expectedMinutes: 1,
      reads: { check: 'app.healthy' },
      withinMinutes: 10,
    },
  ],
  afterwards: [],
  recoveredAfter: 'healthy',
};

/** The plan's hash. */
export const hash = planHash(plan);

/** The plan is there and its gate asks. */
export const planned = (expiresAt: Date, round = 1): readonly Event[] => [
  { type: 'plan.compiled', round, hash, plan },
  {
    type: 'gate.opened',
    stage: 'begin',
    round,
    planHash: hash,
    policy: { needs: [{ role: 'approver', count: 1 }], expiresAfterMinutes: 60, onExpiry: 'stop' },
    expiresAt: expiresAt.toISOString(),
  },
];
