import { meantGate } from '../../src/chat/meant-gate';
import { planHash } from '../../src/incidents/plan';
import { gate, planOf, step } from '../support/plans';
import { compiled, minutesIn, opened, requested, stateAfter } from '../support/story';

const plan = planOf([gate('begin'), gate('second'), step('restore', { after: ['begin'] })]);
const asking = stateAfter(requested, compiled(plan), opened(plan, 'begin'));

test('words about the only approval that has been asked mean that one', () => {
  expect(meantGate(asking, minutesIn(5))).toMatchObject({ stage: 'begin', round: 1 });
});

test.each([
  ['nothing is asked', stateAfter(requested, compiled(plan)), 5, /No approval is open/],
  [
    'several are asked',
    stateAfter(requested, compiled(plan), opened(plan, 'begin'), opened(plan, 'second')),
    ...([5, /Several approvals/] as const),
  ],
  ['it was asked after they were written', asking, 1, /opened after you had written/],
  [
    'the plan was made anew',
    stateAfter(requested, compiled(plan), opened(plan, 'begin'), {
      ...opened(plan, 'begin'),
      round: 2,
    }),
    ...([9, new RegExp(`plan ${planHash(plan).slice(0, 8)}, version 2.*press "Break glass"`)] as const),
  ],
])('words go ahead with nothing where %s', (_what, state, minute, words) => {
  expect(meantGate(state, minutesIn(minute))).toMatch(words);
});
