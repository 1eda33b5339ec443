import { AT_ONCE, kill, undisturbed } from './killing';
import { startLane } from './lane';
import { killAll } from './lanes';
import { allKillings, HEADING, rowOf } from './plan';

/** `KILL=all` kills at every boundary; any other value at those that have it in their name. */
const which = process.env['KILL'];
const SIDE_BY_SIDE = 5;

const databases = 'Microsoft.Sql/servers/sql-apprequest-prod-demo01/databases';
const doneButNotAnswered = [
  `azure after PUT ${databases}/AppRequestPortal-restored`,
  `azure after POST ${databases}/AppRequestPortal/move`,
  `azure after POST ${databases}/AppRequestPortal-restored/move`,
  'azure after POST Microsoft.Web/sites/apprequest-prod-demo01/restart',
];
const intendedButNotSent = [
  'timeline after restore:intended:1',
  'timeline after set-aside:intended:1',
  'timeline after swap-in:intended:1',
  'timeline after restart:intended:1',
];
const writtenButNotPosted = ['timeline after verify:ended:1', 'outbox after sending entry:13'];
const postedButNotRecorded = ['teams after message #12', 'teams after message headline'];

(which ? test.concurrent.skip : test.concurrent)(
  'killed between an intent and its request, or between an entry and its message, the bot does each once',
  async () => {
    const lane = await startLane();
    try {
      const { record } = await undisturbed(lane, 'Keep');
      const killing = { ending: 'Keep', at: [...intendedButNotSent, ...writtenButNotPosted] } as const;
      expect((await kill(lane, killing, record)).wrong).toEqual([]);
    } finally {
      await lane.close();
    }
  },
  180_000,
);

(which ? test.concurrent.skip : test.concurrent)(
  'killed after Azure or Teams has done something and before it could say so, in a run and its undo, with every activity four times, the bot does nothing twice',
  async () => {
    const lane = await startLane();
    try {
      const { record } = await undisturbed(lane, 'Swap back');
      const at = [
        ...[...doneButNotAnswered, ...postedButNotRecorded],
        ...['timeline after undo:swap-in:0:intended:1', AT_ONCE],
      ];
      expect((await kill(lane, { ending: 'Swap back', at, fourfold: true }, record)).wrong).toEqual([]);
    } finally {
      await lane.close();
    }
  },
  180_000,
);

(which ? test : test.skip)(
  'killed at any boundary, the bot finishes the run: every change once, every entry once and in order',
  async () => {
    const lane = await startLane();
    const keep = await undisturbed(lane, 'Keep');
    const back = await undisturbed(lane, 'Swap back');
    await lane.close();
    const killings = allKillings(keep.boundaries, back.boundaries).filter(
      ({ at }) => which === 'all' || at.some((one) => one.includes(which ?? '')),
    );
    const print = (line: string) => process.stdout.write(`${line}\n`);
    const begun = Date.now();
    const wrong: string[] = [];
    print(`\n${HEADING}`);
    await killAll(killings, { Keep: keep.record, 'Swap back': back.record }, SIDE_BY_SIDE, (killed) => {
      print(rowOf(killed));
      if (killed.wrong.length > 0) wrong.push(rowOf(killed));
    });
    const seconds = ((Date.now() - begun) / 1000).toFixed(0);
    print(
      `\n${killings.length} killed runs in ${seconds} s, ${wrong.length} of them not as if undisturbed.\n`,
    );
    expect(wrong).toEqual([]);
  },
  1_800_000,
);
