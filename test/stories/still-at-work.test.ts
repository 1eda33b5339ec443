import { scenarios } from '../scenarios/failover-region.tier3';
import { server } from '../support/demo-estate';
import { changesMade } from '../support/theatre/changes';
import { openTheatre, type Theatre } from '../support/theatre/theatre';
import { failoverGroup } from '../support/tier3-estate';

const speed = 60_000;

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre({ speed });
});
afterEach(() => theatre.simulator.setSpeed(speed));
afterAll(() => theatre.close());

const [, bothAnswer] = scenarios;
if (!bothAnswer) throw new Error('There is no scenario of a planned failover.');

/** Azure does what is asked of it, but takes longer than anybody waits for. */
const slowly = () => theatre.simulator.setSpeed(1);
const failovers = (journal: Parameters<typeof changesMade>[0]) =>
  changesMade(journal).filter((change) => change.endsWith('/failover'));

test('a failover that Azure still works on is taken back only when it has ended, and people are told so', async () => {
  const { simulator, azure, play } = theatre;
  const played = await play(bothAnswer, {
    onFirstChange: slowly,
    onPause: ({ pause }) => {
      if (pause?.stage === 'fail-over') return { choice: 'undo' };
      simulator.setSpeed(speed);
      return { choice: 'retry' };
    },
  });

  expect(played.pauses.map(({ pause, stages }) => stages[pause?.stage ?? '']?.problem)).toMatchObject([
    { code: 'NoProgress' },
    { code: 'StillAtWork', what: expect.stringContaining(`Azure is still at work on ${failoverGroup}`) },
  ]);
  expect(played.state.finished).toMatchObject({ outcome: 'undone' });
  expect(failovers(played.journal)).toHaveLength(2);
  expect(await azure.sql.failoverGroups(server)).toMatchObject([{ role: 'Primary' }]);
});

test('a retry goes on waiting for what Azure still works on, and does not send it again', async () => {
  const played = await theatre.play(bothAnswer, {
    onFirstChange: slowly,
    onPause: () => {
      theatre.simulator.setSpeed(speed);
      return { choice: 'retry' };
    },
  });

  expect(played.pauses).toHaveLength(1);
  expect(played.state.finished).toMatchObject({ outcome: 'completed' });
  expect(failovers(played.journal)).toHaveLength(1);
});
