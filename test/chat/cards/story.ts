import type { CardAction, Sign } from '../../../src/chat/action';
import type { Person } from '../../../src/engine/approval';
import type { IncidentView } from '../../../src/engine/engine';
import type { Actor, Draft, Entry, Event } from '../../../src/incidents/event';
import { type Plan, planHash, type Stage } from '../../../src/incidents/plan';
import { type RunState, runState } from '../../../src/incidents/run-state';

export const alex: Person = { id: 'alex', name: 'Alex Wilber', roles: ['responder'] };
export const megan: Person = { id: 'megan', name: 'Megan Bowen', roles: ['approver'] };
export const adele: Person = { id: 'adele', name: 'Adele Vance', roles: ['approver', 'security'] };
export const isaiah: Person = { id: 'isaiah', name: 'Isaiah Langer', roles: [] };

export const start = new Date('2026-02-14T09:24:00Z');
/** So many minutes after the request. */
export const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

const server = {
  subscriptionId: 's',
  resourceGroup: 'apprequest-prod',
  server: 'sql-apprequest-prod-demo01',
};
const copy = 'AppRequestPortal-restored-20260214-0900-inc7-1';
const old = 'AppRequestPortal-old-20260214-0900-inc7-1';

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
  ...{ runbook: 'restore-database', runbookVersion: 'v1', app: 'apprequest' },
  title: 'Restore AppRequestPortal to 2026-02-14 09:00 UTC',
  parameters: { database: 'AppRequestPortal', at: '2026-02-14T09:00:00Z', how: 'swap' },
  notices: ['Between the two renames the app has no database, for about a minute.'],
  loss: { minutes: 24, words: '24 minutes of writes: everything after the restore point.' },
  duration: { minutes: 60, basis: 'document', words: '30 to 60 minutes by the document; never run here yet' },
  objectives: { rtoMinutes: [60, 120], rpoMinutes: 5 },
  observed: { status: 'Online', tier: 'S0' },
  stages: restore,
  recoveredAfter: 'healthy',
};

const policy = (onExpiry: 'stop' | 'go-on') =>
  ({ needs: [{ role: 'approver', count: 1 }], expiresAfterMinutes: 240, onExpiry }) as const;

const bot: Actor = { kind: 'bot' };
const person = ({ id, name }: Person): Actor => ({ kind: 'person', id, name });

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

const begun = (minutes: number, stage: string, attempt = 1): Told => [
  minutes,
  'bot',
  plan.stages.find((one) => one.name === stage)?.kind === 'check' || stage === 'undo:verify'
    ? { type: 'check.begun', stage, attempt }
    : { type: 'step.intended', stage, attempt, operation: { op: 'x' }, requestId: 'r' },
];
const done = (minutes: number, stage: string, attempt = 1): Told => [
  minutes,
  'bot',
  { type: 'step.done', stage, attempt, facts: {}, adopted: false },
];
const passed = (minutes: number, stage: string): Told => [
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

const toPlan = [...requested, compiled(0.2), opened(0.3, 'begin')];
const toRestore = [
  ...toPlan,
  voted(4, megan, 'begin', 'approve', 'Rows deleted by a bad script'),
  closed(4, 'begin', 'approve'),
  begun(4.1, 'restore'),
];
const toSwap = [
  ...toRestore,
  done(26, 'restore'),
  begun(26, 'verify'),
  passed(27, 'verify'),
  opened(27, 'swap'),
];
const toRename = [
  ...toSwap,
  voted(30, adele, 'swap', 'approve', 'Looks right'),
  closed(30, 'swap', 'approve'),
  begun(30, 'set-aside'),
  done(31, 'set-aside'),
  begun(31, 'swap-in'),
];
const toRed: readonly Told[] = [
  ...toRename,
  [
    32,
    'bot',
    {
      ...{ type: 'step.failed', stage: 'swap-in', attempt: 1 },
      problem: {
        what: 'Azure did not rename the restored database.',
        code: 'DatabaseNameInUse',
        status: 409,
        detail: 'The name AppRequestPortal is taken.',
      },
    },
  ],
  [
    32,
    'bot',
    {
      ...{ type: 'run.paused', pause: 1, stage: 'swap-in', attempt: 1, because: 'failed' },
      truth: [
        'There is no database named AppRequestPortal right now, so the app cannot work.',
        `The original data is safe in ${old} (Online).`,
        `The restored copy is in ${copy} (Online).`,
        'The app: answers 503.',
      ],
    },
  ],
];
const toGreen: readonly Told[] = [
  ...toRename,
  done(32, 'swap-in'),
  begun(32, 'restart'),
  done(33, 'restart'),
  begun(33, 'healthy'),
  passed(34, 'healthy'),
  [34, 'bot', { type: 'run.recovered', stage: 'healthy' }],
  opened(34, 'commit'),
];
const finished = (
  minutes: number,
  outcome: Extract<Event, { type: 'run.finished' }>['outcome'],
  words: string,
): Told => [minutes, 'bot', { type: 'run.finished', outcome, words }];
const drifted: readonly Told[] = [
  ...toPlan,
  voted(4, megan, 'begin', 'approve', 'Go'),
  closed(4, 'begin', 'approve'),
  [5, 'bot', { type: 'gate.closed', stage: 'begin', round: 1, choice: 'approve', because: 'drift' }],
  [
    5,
    'bot',
    {
      type: 'plan.drifted',
      round: 1,
      before: 'restore',
      changes: [
        { field: 'tier', was: 'S0', is: 'S3' },
        { field: 'locks', was: [], is: ['no-delete (CanNotDelete)'] },
      ],
    },
  ],
];

/** A run at every point where a card looks different, by name; the number is "now" in minutes. */
export const stories: { readonly [name: string]: { readonly told: readonly Told[]; readonly now: number } } =
  {
    requested: { told: requested, now: 0.1 },
    'waiting to begin': { told: toPlan, now: 2 },
    voted: { told: [...toPlan, voted(3, megan, 'begin', 'approve', 'Rows deleted')], now: 3.5 },
    withdrawn: {
      told: [
        ...toPlan,
        voted(3, megan, 'begin', 'approve'),
        [3.2, megan, { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: 'wait' }],
      ],
      now: 3.5,
    },
    rejected: {
      told: [
        ...toPlan,
        voted(3, megan, 'begin', 'reject', 'Wrong day'),
        closed(3, 'begin', 'reject', 'veto'),
        finished(3, 'rejected', 'It was answered with no.'),
      ],
      now: 5,
    },
    expired: {
      told: [
        ...toPlan,
        closed(241, 'begin', 'reject', 'expired'),
        finished(241, 'expired', 'Nobody answered in time.'),
      ],
      now: 250,
    },
    restoring: { told: toRestore, now: 14 },
    'drift seen': { told: drifted, now: 5.5 },
    'drift planned': {
      told: [
        ...drifted,
        compiled(6, 2, { ...plan, observed: { status: 'Online', tier: 'S3' } }),
        opened(6, 'begin', 2, { ...plan, observed: { status: 'Online', tier: 'S3' } }),
      ],
      now: 7,
    },
    'waiting to swap': { told: toSwap, now: 28 },
    paused: { told: toRed, now: 33 },
    'tried again': {
      told: [
        ...toRed,
        [34, alex, { type: 'run.decided', pause: 1, stage: 'swap-in', decision: { choice: 'retry' } }],
        begun(34, 'swap-in', 2),
      ],
      now: 34.5,
    },
    'abort asked': {
      told: [...toRestore, [10, alex, { type: 'abort.asked', reason: 'wrong database' }]],
      now: 11,
    },
    'paused by abort': {
      told: [
        ...toRename,
        [31.5, megan, { type: 'abort.asked', reason: 'stop' }],
        done(32, 'swap-in'),
        [
          32,
          'bot',
          {
            type: 'run.paused',
            pause: 1,
            stage: 'swap-in',
            attempt: 1,
            because: 'abort',
            truth: ['AppRequestPortal exists and is Online: it is the restored data.'],
          },
        ],
      ],
      now: 33,
    },
    undoing: {
      told: [
        ...toGreen,
        voted(40, megan, 'commit', 'swap-back', 'Data is wrong'),
        closed(40, 'commit', 'swap-back'),
        [
          40,
          'bot',
          {
            type: 'undo.begun',
            because: 'gate',
            steps: ['undo:swap-in:0', 'undo:set-aside:0', 'undo:verify'],
          },
        ],
        begun(40, 'undo:swap-in:0'),
        done(41, 'undo:swap-in:0'),
        begun(41, 'undo:set-aside:0'),
      ],
      now: 41.5,
    },
    undone: {
      told: [
        ...toGreen,
        voted(40, megan, 'commit', 'swap-back', 'Data is wrong'),
        closed(40, 'commit', 'swap-back'),
        [
          40,
          'bot',
          {
            type: 'undo.begun',
            because: 'gate',
            steps: ['undo:swap-in:0', 'undo:set-aside:0', 'undo:verify'],
          },
        ],
        begun(40, 'undo:swap-in:0'),
        done(41, 'undo:swap-in:0'),
        begun(41, 'undo:set-aside:0'),
        done(42, 'undo:set-aside:0'),
        begun(42, 'undo:verify'),
        passed(43, 'undo:verify'),
        finished(43, 'undone', 'Everything that this run changed was taken back.'),
      ],
      now: 44,
    },
    recovered: { told: toGreen, now: 36 },
    kept: {
      told: [
        ...toGreen,
        voted(44, megan, 'commit', 'keep', 'Users confirm'),
        closed(44, 'commit', 'keep'),
        finished(44, 'completed', 'Done. Every step worked and every check passed.'),
      ],
      now: 45,
    },
    refused: {
      told: [
        ...requested,
        [
          0.2,
          'bot',
          {
            type: 'plan.refused',
            round: 1,
            problem: {
              what: 'Azure can go back to 2026-02-07T00:00:00Z and no further.',
              code: 'RestorePointTooOld',
              status: null,
              detail: '',
            },
          },
        ],
        finished(0.2, 'refused', 'Azure can go back to 2026-02-07T00:00:00Z and no further.'),
      ],
      now: 1,
    },
  };

/** The incident that these events make, with its one run. */
export function incidentOf(told: readonly Told[]): { readonly view: IncidentView; readonly run: RunState } {
  const entries = told.map(
    ([minutes, who, event], index): Entry => ({
      ...{
        id: `e${index}`,
        incident: 'inc7',
        seq: index + 1,
        run: event.type === 'incident.opened' ? null : 'inc7-1',
      },
      ...{
        actor: who === 'bot' ? bot : person(who),
        event,
        happenedAt: at(minutes),
        recordedAt: at(minutes),
      },
      hash: `${index}`.padStart(64, '0'),
    }),
  );
  const run = runState('inc7-1', entries satisfies readonly Draft[]);
  if (!run) throw new Error('The story has no run.');
  const view: IncidentView = {
    ...{ incident: 'inc7', title: 'Restore AppRequestPortal', app: 'apprequest', conversation: '19:general' },
    ...{ simulated: true, openedAt: start, entries, runs: [run] },
  };
  return { view, run };
}

/** What happened in a story, by its name. */
export function tale(name: string): { readonly told: readonly Told[]; readonly now: number } {
  const found = new Map(Object.entries(stories)).get(name);
  if (!found) throw new Error(`There is no story "${name}".`);
  return found;
}

/** A story's incident, its run, and the moment in which it is looked at. */
export function story(name: string): {
  readonly view: IncidentView;
  readonly run: RunState;
  readonly now: Date;
} {
  const { told, now } = tale(name);
  return { ...incidentOf(told), now: at(now) };
}

/** Signs actions so that a test can tell what a button does. */
export function signing(): {
  readonly sign: Sign;
  readonly action: (token: unknown) => CardAction | undefined;
} {
  const actions = new Map<string, CardAction>();
  return {
    sign: (action) => {
      const token = `token-${actions.size}`;
      actions.set(token, action);
      return token;
    },
    action: (token) => actions.get(String(token)),
  };
}
