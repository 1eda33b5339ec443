import { heardAbort, heardDecision } from '../../src/engine/hear';
import { alex, megan } from '../support/people';
import { check, gate, keepOrSwapBack, planOf, step } from '../support/plans';
import { checked, failed, intended, stepped } from '../support/stage-events';
import { minutesIn, play, run } from '../support/story';

const said = { id: 'said', run, by: alex, at: minutesIn(9) };
const leaveOut = { choice: 'skip', reason: 'done by hand' } as const;

test('once the swap waits to be kept or taken back, no abort lets one person take it back alone', () => {
  const plan = planOf([
    step('swap-in'),
    check('healthy', { after: ['swap-in'] }),
    gate('commit', { after: ['healthy'], options: keepOrSwapBack }),
  ]);
  const begun = play([plan])
    .goOn()
    .add(...stepped('swap-in'));
  expect(heardAbort(begun.state(), { ...said, reason: '' })).toMatchObject({ type: 'abort.asked' });

  const swapped = begun.add(...checked('healthy')).goOn();
  expect(swapped.state().gates).toHaveProperty('commit');
  expect(heardAbort(swapped.state(), { ...said, reason: '' })).toEqual({
    ok: false,
    words: expect.stringContaining('waits for an answer: Keep or Swap back'),
  });
});

test('an abort is heard while a gate asks whether to begin', () => {
  const plan = planOf([gate('begin', { covers: ['restore'] }), step('restore', { after: ['begin'] })]);
  const asked = play([plan]).goOn();
  expect(heardAbort(asked.state(), { ...said, reason: 'wrong app' })).toEqual({
    ...{ type: 'abort.asked', reason: 'wrong app' },
  });
});

test('a failed step whose findings a later one needs cannot be left out, and one that nobody waits for can', () => {
  const server = { subscriptionId: 'sub', resourceGroup: 'group', server: 'sql' };
  const needs = (name: string) => ({ fact: `${name}.databaseId` });
  const plan = planOf([
    step('restore', { back: { undo: [] } }),
    step('swap-in', {
      after: ['restore'],
      does: { op: 'sql.rename', server, from: 'copy', to: 'shop', databaseId: needs('restore') },
      back: {
        undo: [{ op: 'sql.rename', server, from: 'shop', to: 'copy', databaseId: needs('swap-in') }],
      },
    }),
  ]);
  const decision = { ...said, pause: 1, decision: leaveOut };
  const copying = play([plan]).goOn().add(intended('restore'), failed('restore')).goOn();
  expect(heardDecision(copying.state(), decision)).toEqual({
    ok: false,
    words: expect.stringContaining('Later steps need what this one finds out'),
  });

  const renaming = play([plan])
    .goOn()
    .add(...stepped('restore'), intended('swap-in'), failed('swap-in'))
    .goOn();
  expect(heardDecision(renaming.state(), decision)).toMatchObject({
    type: 'run.decided',
    decision: leaveOut,
  });
});

test('where nothing failed there is nothing to leave out', () => {
  const plan = planOf([step('set-aside'), step('swap-in', { after: ['set-aside'] })]);
  const stopped = play([plan])
    .goOn()
    .add(...stepped('set-aside'), [megan, { type: 'abort.asked', reason: '' }])
    .goOn();
  expect(heardDecision(stopped.state(), { ...said, pause: 1, decision: leaveOut })).toEqual({
    ok: false,
    words: expect.stringContaining('no failed stage'),
  });
});
