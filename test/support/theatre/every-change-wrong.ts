import type { Scenario } from '../../scenarios/scenario';
import { nameOf } from './all-scenarios';
import { changesOf, pairsOf, playCalm, playWrong, rowOf } from './play-wrongs';
import { openTheatre, type Theatre } from './theatre';

/** `CHAOS=all` plays every change with everything that may go wrong with it, and prints the table. */
const everything = process.env['CHAOS'] === 'all';

/** Declares the tests in which every change of these scenarios goes wrong. */
export function everyChangeWrong(scenarios: readonly Scenario[]): void {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre();
  });
  afterAll(() => theatre.close());

  test.each(scenarios.map((scenario) => [nameOf(scenario), scenario] as const))(
    '%s: recovers; and whatever goes wrong with a change, it ends the same, having asked people where it must',
    async (name, scenario) => {
      const calm = await playCalm(theatre, scenario);
      const wrong: string[] = [];
      for (const pair of pairsOf(changesOf(calm), everything ? 'all' : 1)) {
        const result = await playWrong(theatre, scenario, calm, pair);
        if (everything) process.stdout.write(`${rowOf(name, result)}\n`);
        if (result.complaints.length > 0) wrong.push(rowOf(name, result));
      }
      expect(wrong).toEqual([]);
    },
    everything ? 1_800_000 : 120_000,
  );
}
