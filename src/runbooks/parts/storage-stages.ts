import type { StorageAccountRef } from '../../azure/refs';
import type { CompileContext } from '../../engine/runbook';
import { approvalGate, check, gate, step } from '../../engine/stage-builders';
import type { Stage } from '../../incidents/plan';
import type { Failover } from './storage-failover';
import { redundancyWords } from './storage-words';

/** Long enough for Azure's own view to settle after a change, in minutes. */
const SETTLES_WITHIN = 10;

/** The account is in its new region, serves, and the app is green: the readings go on side by side. */
export function failoverStages(failover: Failover, context: CompileContext): readonly Stage[] {
  const { app, azure, past } = context;
  const account = app.storage;
  const { how, from, to, skuAfter } = failover;
  const planned = how === 'planned';
  return [
    approvalGate('begin', {
      ...{ title: 'Approval to fail over', policy: 'fail-over', covers: ['fail-over'] },
      question: planned
        ? `Move ${account.account} from ${from} to ${to}, without loss?`
        : `Fail ${account.account} over to ${to} now, and lose what was not copied?`,
    }),
    step(azure, 'fail-over', {
      ...{ title: `Fail ${account.account} over from ${from} to ${to}`, after: ['begin'] },
      minutes: past('failover-storage', 'fail-over') ?? 60,
      does: { op: 'storage.fail-over', account, how, from, to },
      back: planned
        ? { undo: [{ op: 'storage.fail-over', account, how, from: to, to: from }] }
        : {
            irreversible: `What was not copied to ${to} is lost with the switch, and the data in ${from} is given up. Going back is a failover of its own.`,
          },
    }),
    check('moved', {
      ...{ title: `Check that ${account.account} is in ${to}`, after: ['fail-over'] },
      ...{ minutes: 1, withinMinutes: SETTLES_WITHIN },
      reads: { check: 'storage.account-is', account, primaryLocation: to, sku: skuAfter },
    }),
    answers(account, ['fail-over']),
    healthy(context, ['moved', 'answers']),
    ...(planned ? [keepOrFailBack(failover, account)] : copyAgain(failover, context)),
  ];
}

/** The account's services answer. */
export const answers = (account: StorageAccountRef, after: readonly string[]): Stage =>
  check('answers', {
    ...{ title: `Check that the queue and the blobs of ${account.account} answer`, after },
    ...{ minutes: 1, withinMinutes: SETTLES_WITHIN },
    reads: { check: 'storage.answers', account },
  });

/** The app is green. */
const healthy = ({ app }: CompileContext, after: readonly string[]): Stage =>
  check('healthy', {
    ...{ title: `Wait until ${app.title} is green`, after, minutes: 2 },
    withinMinutes: app.healthWithinMinutes,
    reads: { check: 'app.healthy', app: app.webApp, url: app.healthUrl },
  });

const keepOrFailBack = ({ from, to }: Failover, account: StorageAccountRef): Stage =>
  gate(
    'commit',
    {
      ...{ title: 'Keep or fail back', policy: 'commit', covers: [], after: ['healthy'] },
      question: `The app is green on ${account.account} in ${to}. Keep it there, or move it back to ${from}?`,
    },
    [
      { choice: 'keep', label: 'Keep', leads: 'go-on', needsQuorum: false },
      { choice: 'fail-back', label: 'Fail back', leads: 'undo', needsQuorum: true },
    ],
  );

/** After an unplanned failover the account is in one region: this gives it a second one again. */
function copyAgain({ to, sku }: Failover, { app, azure, past }: CompileContext): readonly Stage[] {
  const account = app.storage;
  return [
    gate(
      'copy-again',
      {
        // A day to answer: the old region may be down for hours, and must answer for this.
        ...{ title: 'Make it geo-redundant again', policy: 'clean-up', after: ['healthy'] },
        covers: ['reprotect'],
        question: `${account.account} is in ${to} alone. Make it geo-redundant again now?`,
      },
      [
        { choice: 'copy', label: 'Copy it now', leads: 'go-on', needsQuorum: true },
        { choice: 'later', label: 'Leave it unprotected', leads: 'stop', needsQuorum: false },
      ],
    ),
    step(azure, 'reprotect', {
      ...{ title: `Make ${account.account} ${redundancyWords(sku)} again`, after: ['copy-again'] },
      minutes: past('failover-storage', 'reprotect') ?? null,
      does: { op: 'storage.set-redundancy', account, sku },
      // Taking a run back must not take the protection away that the account had before it.
      back: { undo: [] },
    }),
    check('protected', {
      ...{ title: `Check that ${account.account} has its second copy`, after: ['reprotect'] },
      ...{ minutes: 1, withinMinutes: SETTLES_WITHIN },
      reads: { check: 'storage.account-is', account, primaryLocation: to, sku },
    }),
  ];
}
