import { planHash } from '../../../src/incidents/plan';
import { adele, alex, megan } from './people';
import { copy, old, plan } from './plan';
import { begun, closed, compiled, done, finished, opened, passed, requested, type Told, voted } from './told';

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
    'gone ahead alone': {
      told: [
        ...toPlan,
        [
          4,
          adele,
          {
            ...{ type: 'gate.broken', stage: 'begin', round: 1, planHash: planHash(plan), choice: 'approve' },
            reason: 'The shop loses orders and nobody answers',
          },
        ],
      ],
      now: 5,
    },
    'asked a second group, lent a role, answered for somebody': {
      told: [
        ...toPlan,
        [20, 'bot', { type: 'gate.escalated', stage: 'begin', round: 1, role: 'security' }],
        [
          21,
          megan,
          {
            ...{ type: 'role.delegated', role: 'approver', to: { id: 'isaiah', name: 'Isaiah Langer' } },
            ...{ until: '2026-02-14T18:00:00.000Z', reason: 'I board a plane' },
          },
        ],
      ],
      now: 22,
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
