import { drawHeadline } from '../../../src/chat/cards/draw-headline';
import type { IncidentView, Progress } from '../../../src/engine/engine';
import { check, gate, planOf, step } from '../../support/plans';
import { intended, stepped } from '../../support/stage-events';
import { compiled, minutesIn, noon, opened, requested, run, stateAfter } from '../../support/story';
import { wordsOf } from './reading';
import { signing, story } from './story';

/** A ground, then two branches beside one another, and what needs both. */
const plan = planOf(
  [
    gate('begin', { covers: ['ground', 'app', 'data', 'join'] }),
    step('ground', { title: 'Make the server', after: ['begin'], expectedMinutes: 3 }),
    step('app', { title: 'Deploy the template', after: ['ground'], expectedMinutes: 15 }),
    step('data', { title: 'Restore the geo-backup', after: ['ground'], expectedMinutes: 100 }),
    step('join', { title: 'Join the two', after: ['app', 'data'], expectedMinutes: 1 }),
    check('healthy', { after: ['join'], expectedMinutes: 2 }),
  ],
  { recoveredAfter: 'healthy' },
);

const state = stateAfter(
  requested,
  compiled(plan),
  opened(plan, 'begin'),
  { type: 'gate.closed', stage: 'begin', round: 1, choice: 'approve', because: 'quorum' },
  ...stepped('ground'),
  intended('app'),
  intended('data'),
);

const progress = (stage: string, percent: number): Progress => ({
  ...{ run, stage, percent, words: 'Azure is working on it', at: noon },
});

function headline(...seen: readonly Progress[]): string {
  const view: IncidentView = { ...story('restoring').view, entries: [] };
  const mayDecide = { retry: true, skip: true, undo: true, stop: true, abort: true };
  return wordsOf(drawHeadline(view, state, seen, { now: minutesIn(20), sign: signing().sign, mayDecide }));
}

test('of two steps that run side by side both are in the first line, the longer one first, each with how far it is', () => {
  const [first] = headline(progress('app', 38), progress('data', 12)).split('\n');

  expect(first).toBe('●  Side by side: Restore the geo-backup — 12 %; Deploy the template — 38 %');
});

test('both are marked in the list, and no single one is called the step', () => {
  const words = headline(progress('app', 38), progress('data', 12));

  expect(words).toMatch(/●\nDeploy the template\n38 %/);
  expect(words).toMatch(/●\nRestore the geo-backup\n12 %/);
  expect(words).toContain('2 of 6 done, 2 side by side');
});

test('the forecast follows the longer branch, not the sum of both', () => {
  // 100 minutes for the data and 3 for what follows, less the 13 or so that it has run.
  expect(headline()).toMatch(/about 1 h (4|5)\d min in all/);
});
