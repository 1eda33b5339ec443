import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allScenarios, nameOf } from './all-scenarios';
import { changesMade } from './changes';
import { partOf } from './part-of';
import { playCalm, playWrong, type Result, rowOf } from './play-wrongs';
import { allPairs, type Pair, type Point, pointsOf } from './points';
import { allWants, dealt, isShownBy, wantWords } from './sample';
import { openTheatre, type Theatre } from './theatre';

/**
 * `CHAOS=all` plays every call with everything that may go wrong with it, in every scenario that makes it, and prints the
 * table; `CHAOS=calls` plays each line once, in whichever scenario comes to it first (`npm run chaos calls`); `CHAOS='429.*restart'`
 * plays the lines of the table that this matches.
 */
const chaos = process.env['CHAOS'] ?? '';
const everything = chaos !== '';

/** A sample is played with every so many scenarios, beginning with the second: it has to have a rebuilt region in each part. */
const SAMPLED = 2;

/**
 * Declares the tests in which the calls go wrong that every `of`-th scenario makes to Azure, beginning with the `nth`. A
 * sample, of half of the scenarios, shows as much of what can go wrong: together the parts show each wrong with a change
 * and with a reading.
 */
export function everyCallWrong(nth: number, of: number): void {
  const scenarios = partOf(everything ? allScenarios : partOf(allScenarios, 1, SAMPLED), nth, of);
  let open = partOf(allWants, nth, of);
  let theatre: Theatre;
  const results: Result[] = [];
  beforeAll(async () => {
    theatre = await openTheatre();
  });
  afterAll(async () => {
    if (everything) process.stdout.write(`\n${summaryOf(results)}\n`);
    await theatre.close();
  });

  // A run that has not ended keeps its app, and every later play would be refused.
  const openAnother = async () => {
    await theatre.close();
    theatre = await openTheatre();
  };

  // When everything has been shown, the scenarios that are left go through it once more.
  const sampleOf = (points: readonly Point[], left: number): readonly Pair[] => {
    const pairs = dealt(open, points, left);
    return pairs.length > 0 ? pairs : dealt(partOf(allWants, nth, of), points, allWants.length);
  };

  test.each(scenarios.map((scenario) => [nameOf(scenario), scenario] as const))(
    '%s: whatever goes wrong with a call to Azure, it ends the same, having asked people where it must',
    async (name, scenario) => {
      const first = await playCalm(theatre, scenario);
      const second = everything ? await playCalm(theatre, scenario) : first;
      // Where a reading was late on a busy machine, people were left to do a part by themselves.
      const calm = changesMade(second.journal).length > changesMade(first.journal).length ? second : first;
      const pairs = everything
        ? pairsLike(commonTo(pointsOf(first), pointsOf(second)))
        : sampleOf(ownOf(pointsOf(calm)), scenarios.length - scenarios.indexOf(scenario));
      const wrong: string[] = [];
      for (const pair of pairs) {
        // Asked at the last moment, so that those who come to the same call share the work.
        if (chaos === 'calls' && !isFirst(pair)) continue;
        const result = await playWrong(theatre, scenario, calm, pair);
        results.push(result);
        if (result.end === 'not ended') await openAnother();
        const isShown = isShownBy(pair);
        if (result.end !== 'not met') open = open.filter((want) => !isShown(want));
        if (everything) process.stdout.write(`${rowOf(name, result)}\n`);
        if (result.complaints.length > 0) wrong.push(rowOf(name, result));
      }
      expect(wrong).toEqual([]);
    },
    everything ? 7_200_000 : 120_000,
  );

  if (!everything)
    test('the sample has shown everything that can go wrong which is its part', () => {
      expect(open.map(wantWords)).toEqual([]);
    });
}

/** On two branches at once it is chance what comes first: only what is called each time can be met on purpose. */
const commonTo = (points: readonly Point[], others: readonly Point[]): readonly Point[] =>
  points.filter(({ key, from }) => others.some((one) => one.key === key && one.from === from));

/** The calls that no other scenario makes: where everything is taken back, those that do it. */
function ownOf(points: readonly Point[]): readonly Point[] {
  const undo = points.filter(({ from }) => from === 'the undo');
  return undo.length > 0 ? undo : points;
}

function pairsLike(points: readonly Point[]): readonly Pair[] {
  const wanted = new RegExp(chaos === 'all' || chaos === 'calls' ? '' : chaos);
  return allPairs(points).filter(([{ key, from }, { name }]) => wanted.test(`${name} ${key} ${from}`));
}

/** Whether nobody has played this yet, of all who write down in the same folder what they play. */
function isFirst([{ key, from }, { name }]: Pair): boolean {
  const folder = process.env['PLAYED'];
  if (!folder)
    throw new Error(
      'CHAOS=calls needs a folder in PLAYED for what was played. `npm run chaos calls` has one.',
    );
  const file = createHash('sha256').update(`${name} ${key} ${from}`).digest('hex');
  try {
    writeFileSync(join(folder, file), '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** `1234 plays: 1000 done, 200 asked, 34 refused, 0 not met; 2 wrong` */
function summaryOf(results: readonly Result[]): string {
  const ends = (['done', 'asked', 'refused', 'not met', 'not ended'] as const).map(
    (end) => `${results.filter((one) => one.end === end).length} ${end}`,
  );
  const wrong = results.filter(({ complaints }) => complaints.length > 0).length;
  return `${results.length} plays: ${ends.join(', ')}; ${wrong} wrong`;
}
