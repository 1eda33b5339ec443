import type { Person } from '../../../src/engine/approval';
import type { Event } from '../../../src/incidents/event';
import { planHash } from '../../../src/incidents/plan';
import { alex } from './people';
import { plan } from './plan';

export const start = new Date('2026-02-14T09:24:00Z');
/** So many minutes after the request. */
export const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

const policy = (onExpiry: 'stop' | 'go-on') =>
  ({ needs: [{ role: 'approver', count: 1 }], expiresAfterMinutes: 240, onExpiry }) as const;

/** An event, when it happened in minutes after the request, and who did it. */
export type Told = readonly [minutes: number, who: Person | 'bot', event: Event];

export const requested: readonly Told[] = [
  [
    0,
    alex,
    {
      type: 'incident.opened',
      title: 'Restore AppRequestPortal',
      severity: 'sev2',
      app: 'apprequest',
      conversation: '19:general',
      simulated: true,
    },
  ],
  [
    0,
    alex,
    {
      type: 'run.requested',
      runbook: 'restore-database',
      title: plan.title,
      parameters: plan.parameters,
      words: 'restore db to 10:00',
    },
  ],
];

export const compiled = (minutes: number, round = 1, made = plan): Told => [
  minutes,
  'bot',
  { type: 'plan.compiled', round, hash: planHash(made), plan: made },
];

export const opened = (minutes: number, stage: string, round = 1, made = plan): Told => [
  minutes,
  'bot',
  {
    type: 'gate.opened',
    stage,
    round,
    planHash: planHash(made),
    policy: policy(stage === 'commit' ? 'go-on' : 'stop'),
    expiresAt: at(minutes + 240).toISOString(),
  },
];

export const voted = (
  minutes: number,
  by: Person,
  stage: string,
  choice: string,
  reason = '',
  made = plan,
): Told => [
  minutes,
  by,
  { type: 'vote.cast', stage, round: 1, choice, reason, planHash: planHash(made), roles: by.roles },
];

export const closed = (
  minutes: number,
  stage: string,
  choice: string,
  because: 'quorum' | 'veto' | 'expired' | 'drift' = 'quorum',
): Told => [minutes, 'bot', { type: 'gate.closed', stage, round: 1, choice, because }];

export const begun = (minutes: number, stage: string, attempt = 1): Told => [
  minutes,
  'bot',
  plan.stages.find((one) => one.name === stage)?.kind === 'check' || stage === 'undo:verify'
    ? { type: 'check.begun', stage, attempt }
    : { type: 'step.intended', stage, attempt, operation: { op: 'x' }, requestId: 'r' },
];
export const done = (minutes: number, stage: string, attempt = 1): Told => [
  minutes,
  'bot',
  { type: 'step.done', stage, attempt, facts: {}, adopted: false },
];
export const passed = (minutes: number, stage: string): Told => [
  minutes,
  'bot',
  {
    ...{ type: 'check.passed', stage, attempt: 1, facts: {} },
    findings: [
      { what: 'Status', expected: 'Online', found: 'Online', ok: true },
      { what: 'Size', expected: 'near 1.2 GB', found: '1.1 GB', ok: true },
      { what: 'Tier', expected: 'S0', found: 'S0', ok: true },
    ],
  },
];

export const finished = (
  minutes: number,
  outcome: Extract<Event, { type: 'run.finished' }>['outcome'],
  words: string,
): Told => [minutes, 'bot', { type: 'run.finished', outcome, words }];
