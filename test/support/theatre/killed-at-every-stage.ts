import type { Scenario } from '../../scenarios/scenario';
import { nameOf } from './all-scenarios';
import { entryEnds, playKilled } from './play-killed';
import { playCalm } from './play-wrongs';
import { openTheatre, type Theatre } from './theatre';

/** Declares the tests in which the bot dies at every stage of these scenarios. */
export function killedAtEveryStage(scenarios: readonly Scenario[]): void {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre();
  });
  afterAll(() => theatre.close());

  test.each(scenarios.map((scenario) => [nameOf(scenario), scenario] as const))(
    '%s: killed at every stage and after every change, the bot finishes it as if nothing had been',
    async (_name, scenario) => {
      const calm = await playCalm(theatre, scenario);
      const ends = entryEnds(calm);
      // Every other entry at a time, so that a bot goes on for a while before it dies again.
      const plays = [
        { afterEntries: ends.filter((_end, index) => index % 2 === 0), afterChanges: false },
        { afterEntries: ends.filter((_end, index) => index % 2 === 1), afterChanges: false },
        { afterEntries: [], afterChanges: true },
      ];
      for (const kills of plays) {
        const { deaths, complaints } = await playKilled(theatre, scenario, calm, kills);
        expect(complaints).toEqual([]);
        expect(deaths).toBeGreaterThan(0);
      }
    },
    600_000,
  );
}
