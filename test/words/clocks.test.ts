import { clocks } from '../../src/words/clocks';
import { forecast } from '../../src/words/forecast';
import { leftovers } from '../../src/words/leftovers';
import { plan } from '../chat/cards/plan';
import { story } from '../chat/cards/story';
import { at } from '../chat/cards/told';

const minutes = (name: string) => {
  const { view, run, now } = story(name);
  const { total, people, azure, bot } = clocks(view.entries, run, now);
  return [total, people, azure, bot].map((one) => Math.round(one / 600) / 100);
};

test.each([
  // total, people, Azure, bot; in minutes
  ['requested', [0.1, 0, 0, 0.1]],
  ['waiting to begin', [2, 1.7, 0, 0.3]],
  ['restoring', [14, 3.7, 9.9, 0.4]],
  ['waiting to swap', [28, 4.7, 22.9, 0.4]],
  ['paused', [33, 7.7, 24.9, 0.4]],
  ['recovered', [34, 6.7, 26.9, 0.4]],
  ['kept', [34, 6.7, 26.9, 0.4]],
  ['expired', [241, 240.7, 0, 0.3]],
])('%s: each minute is somebody’s', (name, expected) => {
  expect(minutes(name)).toEqual(expected);
});

test('the wait after the recovery is not part of the recovery time', () => {
  expect(minutes('recovered')).toEqual(minutes('kept'));
});

test('an earlier round of a gate counts as waiting for people too', () => {
  // 0.3 to 4 in the first round, 6 to 7 in the second.
  expect(minutes('drift planned')[1]).toBe(4.7);
});

test('stages side by side are counted once', () => {
  const { view, run } = story('restoring');
  const twice = view.entries.flatMap((entry) =>
    entry.event.type === 'step.intended'
      ? [entry, { ...entry, event: { ...entry.event, stage: 'set-aside' } }]
      : [entry],
  );
  expect(clocks(twice, run, at(14)).azure).toBe(clocks(view.entries, run, at(14)).azure);
});

test('a breach of the objective is foreseen as soon as what is left does not fit any more', () => {
  const { run } = story('restoring');
  const now = at(14);
  const crawling = [{ run: run.run, stage: 'restore', percent: 5, words: '', at: now }];
  expect(forecast(run, plan, [], 14 * 60_000, now)).toMatchObject({ verdict: 'within' });
  expect(forecast(run, plan, crawling, 14 * 60_000, now)).toMatchObject({ verdict: 'missed' });
  const tight = { ...plan, objectives: { rtoMinutes: [20, 120] as const, rpoMinutes: 5 } };
  expect(forecast(run, tight, [], 14 * 60_000, now)).toMatchObject({ verdict: 'at risk' });
  expect(forecast(run, plan, [], 121 * 60_000, now).words).toContain('is missed: 2 h 1 min so far');
});

test('a stage whose duration nobody knows makes the forecast unknown, not short', () => {
  const { run } = story('waiting to begin');
  const unknown = {
    ...plan,
    stages: plan.stages.map((stage) =>
      stage.name === 'restore' ? { ...stage, expectedMinutes: null } : stage,
    ),
  };
  expect(forecast(run, unknown, [], 60_000, at(1))).toMatchObject({ verdict: 'unknown' });
});

test.each([
  ['waiting to begin', []],
  ['waiting to swap', [['AppRequestPortal-restored-20260214-0900-inc7-1', 'restored copy']]],
  [
    'paused',
    [
      ['AppRequestPortal-old-20260214-0900-inc7-1', 'former production database'],
      ['AppRequestPortal-restored-20260214-0900-inc7-1', 'restored copy'],
    ],
  ],
  ['kept', [['AppRequestPortal-old-20260214-0900-inc7-1', 'former production database']]],
  ['undone', [['AppRequestPortal-restored-20260214-0900-inc7-1', 'restored copy']]],
])('%s: what the run has left behind is followed through its renames', (name, expected) => {
  const left = leftovers(story(name).run).map(({ database, origin }) => [database, origin]);
  expect(left.toSorted()).toEqual(expected);
});
