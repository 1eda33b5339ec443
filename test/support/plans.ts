import type { GatePolicy } from '../../src/incidents/event';
import type { CheckStage, GateOption, GateStage, Plan, Stage, StepStage } from '../../src/incidents/plan';

const group = { subscriptionId: 'sub', resourceGroup: 'group' };

/** One approver within the hour; nothing happens when nobody answers. */
export const oneApprover: GatePolicy = {
  needs: [{ role: 'approver', count: 1 }],
  expiresAfterMinutes: 60,
  onExpiry: 'stop',
};

const approveOrReject: readonly GateOption[] = [
  { choice: 'approve', label: 'Approve', leads: 'go-on', needsQuorum: true },
  { choice: 'reject', label: 'Reject', leads: 'stop', needsQuorum: false },
];

/** Go on without a quorum, or take everything back with one. */
export const keepOrSwapBack: readonly GateOption[] = [
  { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
  { choice: 'swap-back', label: 'Swap back', leads: 'undo', needsQuorum: true },
];

/** A gate as a plan holds it. */
export const gate = (name: string, more: Partial<GateStage> = {}): GateStage => ({
  kind: 'gate',
  name,
  title: name,
  after: [],
  expectedMinutes: null,
  policy: name,
  question: `Go on with ${name}?`,
  options: approveOrReject,
  covers: [],
  ...more,
});

/** A step that renames a database of its own name, and can be taken back by one rename unless told otherwise. */
export const step = (name: string, more: Partial<StepStage> = {}): StepStage => {
  const server = { ...group, server: 'sql' };
  const renamed = { op: 'sql.rename', server, databaseId: `id-of-${name}` } as const;
  return {
    kind: 'step',
    name,
    title: name,
    after: [],
    expectedMinutes: 1,
    does: { ...renamed, from: name, to: `${name}-new` },
    operation: `POST …/databases/${name}/move`,
    target: name,
    back: { undo: [{ ...renamed, from: `${name}-new`, to: name }] },
    ...more,
  };
};

/** A check of the app's health. */
export const check = (name: string, more: Partial<CheckStage> = {}): CheckStage => ({
  kind: 'check',
  name,
  title: name,
  after: [],
  expectedMinutes: 1,
  reads: { check: 'app.healthy', app: { ...group, app: 'shop' }, url: 'https://shop.example/health' },
  withinMinutes: 1,
  ...more,
});

/** A plan of these stages that has recovered after the last of them, unless told otherwise. */
export const planOf = (stages: readonly Stage[], more: Partial<Plan> = {}): Plan => ({
  runbook: 'restore-database',
  app: 'shop',
  title: 'Restore shop',
  parameters: { app: 'shop' },
  notices: [],
  loss: { minutes: 5, words: '5 minutes of writes', from: null, settledBy: null },
  duration: { minutes: 30, basis: 'document', words: 'half an hour' },
  objectives: { rtoMinutes: [60, 120], rpoMinutes: 5 },
  observed: { status: 'Online' },
  stages,
  afterwards: [],
  recoveredAfter: stages.at(-1)?.name ?? '',
  ...more,
});
