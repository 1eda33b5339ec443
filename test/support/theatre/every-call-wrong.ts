import type { Scenario } from '../../scenarios/scenario';
import { allScenarios, nameOf } from './all-scenarios';
import { playCalm, playWrong, type Result, rowOf } from './play-wrongs';
import { allPairs, fewPairs, type Pair, type Point, pointsOf } from './points';
import { openTheatre, type Theatre } from './theatre';

/**
 * `CHAOS=all` plays every call with everything that may go wrong with it, and prints the table; `CHAOS='429.*restart'`
 * plays the lines of the table that this matches.
 */
const chaos = process.env['CHAOS'] ?? '';
const everything = chaos !== '';

/** Declares the tests in which the calls that these scenarios make to Azure go wrong. */
export function everyCallWrong(scenarios: readonly Scenario[]): void {
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

  test.each(scenarios.map((scenario) => [nameOf(scenario), scenario] as const))(
    '%s: whatever goes wrong with a call to Azure, it ends the same, having asked people where it must',
    async (name, scenario) => {
      const calm = await playCalm(theatre, scenario);
      const points = pointsOf(calm);
      const pairs = everything ? pairsLike(points) : fewPairs(points, allScenarios.indexOf(scenario));
      const wrong: string[] = [];
      for (const pair of pairs) {
        const result = await playWrong(theatre, scenario, calm, pair);
        results.push(result);
        if (result.end === 'not ended') await openAnother();
        if (everything) process.stdout.write(`${rowOf(name, result)}\n`);
        if (result.complaints.length > 0) wrong.push(rowOf(name, result));
      }
      expect(wrong).toEqual([]);
    },
    everything ? 7_200_000 : 120_000,
  );
}

function pairsLike(points: readonly Point[]): readonly Pair[] {
  const wanted = new RegExp(chaos === 'all' ? '' : chaos);
  return allPairs(points).filter(([{ key, from }, { name }]) => wanted.test(`${name} ${key} ${from}`));
}

/** `1234 plays: 1000 done, 200 asked, 34 refused, 0 not met; 2 wrong` */
function summaryOf(results: readonly Result[]): string {
  const ends = (['done', 'asked', 'refused', 'not met', 'not ended'] as const).map(
    (end) => `${results.filter((one) => one.end === end).length} ${end}`,
  );
  const wrong = results.filter(({ complaints }) => complaints.length > 0).length;
  return `${results.length} plays: ${ends.join(', ')}; ${wrong} wrong`;
}
