import { drawHeadline } from '../../../src/chat/cards/draw-headline';
import type { Progress } from '../../../src/engine/engine';
import { stageTitle } from '../../../src/words/situation';
import { actionsOf, inputOf, titlesOf, wordsOf } from './reading';
import { signing, story } from './story';
import { at } from './told';

const everything = { retry: true, skip: true, undo: true, stop: true, abort: true };

function headline(name: string, progress: readonly Progress[] = []) {
  const { view, run, now } = story(name);
  const { sign, action } = signing();
  const card = drawHeadline(view, run, progress, { now, sign, mayDecide: everything });
  return { card, words: wordsOf(card), action };
}

const restoring = (percent: number | null): Progress => ({
  ...{ run: 'inc7-1', stage: 'restore', percent, words: 'Azure copies the data', at: at(14) },
});

test('while Azure restores, the first line says what and how far, and who holds it', () => {
  const { words } = headline('restoring', [restoring(43)]);
  expect(words.split('\n')[0]).toBe('●  Restore into AppRequestPortal-restored-20260214-0900-inc7-1 — 43 %');
  expect(words).toContain('Now with: Azure');
  expect(words).toContain('Next: Check the restored database');
  expect(words).toContain('Step 2 of 9  ██░░░░░░░░');
});

test('the clocks tell people from Azure, and the forecast follows the real progress', () => {
  const { words } = headline('restoring', [restoring(43)]);
  expect(words).toContain('Since the request\n14 min');
  expect(words).toContain('Waiting for people\n3 min 42 s');
  expect(words).toContain('Waiting for Azure\n9 min 54 s');
  expect(words).toContain('On course for RTO 60 min to 2 h: about 33 min in all, plus the time people take');
});

test('progress of another run is not shown as this one’s', () => {
  const { words } = headline('restoring', [{ ...restoring(43), run: 'inc8-1' }]);
  expect(words).not.toContain('43 %');
});

test('waiting for an approval, the card names who is missing', () => {
  const { words, card } = headline('waiting to begin');
  expect(words.split('\n')[0]).toContain('Waiting for people: Restore AppRequestPortal into a new database');
  expect(words).toContain('Now with: 1 approver');
  expect(titlesOf(card)).toEqual(['Abort: end the run']);
});

test('paused, the true state comes before the problem, and the problem before the choices', () => {
  const { words, card } = headline('paused');
  const order = [
    'Paused: a decision is needed',
    'There is no database named AppRequestPortal right now, so the app cannot work.',
    'Azure did not rename the restored database.',
    'DatabaseNameInUse (HTTP 409)',
    'Decide what to do',
  ].map((line) => words.indexOf(line));
  expect(order.every((index) => index >= 0)).toBe(true);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(titlesOf(card)).toEqual([
    'Try again',
    'Undo what was done',
    'Skip this step',
    'Stop, leave it as it is',
  ]);
});

test('only what needs a reason asks for it, so that trying again is one press', () => {
  const { card, action } = headline('paused');
  const inputs = actionsOf(card).map((button) => [button['title'], button['associatedInputs']]);
  expect(Object.fromEntries(inputs)).toEqual({
    ...{ 'Try again': 'none', 'Undo what was done': 'none' },
    ...{ 'Skip this step': 'auto', 'Stop, leave it as it is': 'auto' },
  });
  expect(inputOf(card, 'reason')).toMatchObject({ isRequired: true });
  expect(action(actionsOf(card)[2]?.['data']?.['token'])).toEqual({
    ...{ verb: 'decide', run: 'inc7-1', pause: 1, choice: 'skip' },
  });
});

test('a person without a right to decide sees no button for it', () => {
  const { view, run, now } = story('paused');
  const none = { retry: false, skip: false, undo: false, stop: false, abort: false };
  const card = drawHeadline(view, run, [], { now, sign: signing().sign, mayDecide: none });
  expect(actionsOf(card)).toEqual([]);
  expect(inputOf(card, 'reason')).toBeUndefined();
});

test('stopped on request, the run can go on, be undone, or be left, but no step is skipped', () => {
  const { words, card } = headline('paused by abort');
  expect(words).toContain('The run was stopped on request: “stop”');
  expect(titlesOf(card)).toEqual(['Go on with the run', 'Undo what was done', 'Stop, leave it as it is']);
});

test('an abort that waits for a running step is shown, and cannot be asked for twice', () => {
  const { words, card } = headline('abort asked');
  expect(words.split('\n')[0]).toContain('Stopping as soon as this is done');
  expect(actionsOf(card)).toEqual([]);
});

test('after the recovery the recovery time stands still and is held against the objective', () => {
  const { words } = headline('recovered');
  expect(words).toContain('Recovered in\n34 min');
  expect(words).toContain('Recovered in 34 min: within RTO 60 min to 2 h.');
});

test('taking back is counted by its own steps', () => {
  const { words } = headline('undoing');
  expect(words.split('\n')[0]).toContain('↶  Take back: Rename AppRequestPortal to');
  expect(words).toContain('Taking back, step 2 of 3');
});

test('what takes one step back in several changes is told change by change', () => {
  const { run } = story('undoing');
  const { plan } = run;
  if (!plan) throw new Error('The story has no plan.');
  const app = { subscriptionId: 'sub', resourceGroup: 'group', app: 'web-shop' };
  const stages = plan.stages.map((stage) =>
    stage.name === 'set-aside' && stage.kind === 'step' && 'undo' in stage.back
      ? {
          ...stage,
          back: { undo: [...stage.back.undo.slice(0, 1), { op: 'app.restart', app }, { op: 'sql.rename' }] },
        }
      : stage,
  );
  const told = [0, 1, 2].map((part) =>
    stageTitle({ ...run, plan: { ...plan, stages } }, `undo:set-aside:${part}`),
  );
  expect(told).toEqual([
    expect.stringMatching(/^Take back: Rename AppRequestPortal to \S+$/),
    'Restart web-shop, so that it reads what was put back',
    expect.stringMatching(/^Take back: Rename AppRequestPortal to \S+ \(part 3\)$/),
  ]);
});

test('at the end the card says how it ended, what is kept, and offers nothing more', () => {
  const { words, card } = headline('kept');
  expect(words.split('\n')[0]).toBe('✓  Recovered, and done');
  expect(words).toContain(
    'The former production database is kept as AppRequestPortal-old-20260214-0900-inc7-1.',
  );
  expect(actionsOf(card)).toEqual([]);
});

test('a refused plan says why, with the code', () => {
  const { words } = headline('refused');
  expect(words).toContain('Azure can go back to 2026-02-07T00:00:00Z and no further.');
  expect(words).toContain('RestorePointTooOld');
});
