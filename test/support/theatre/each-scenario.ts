import type { Scenario } from '../../scenarios/scenario';
import { nameOf } from './all-scenarios';
import { playCalm } from './play-wrongs';
import { openTheatre, type Played, type Theatre } from './theatre';

/** Declares a test for each of these scenarios, which is played undisturbed before, all in one theatre. */
export function eachScenario(
  scenarios: readonly Scenario[],
  words: string,
  played: (theatre: Theatre, scenario: Scenario, calm: Played) => Promise<void>,
  timeoutMs: number,
): void {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await openTheatre();
  });
  afterAll(() => theatre.close());

  test.each(scenarios.map((scenario) => [nameOf(scenario), scenario] as const))(
    `%s: ${words}`,
    async (_name, scenario) => {
      await played(theatre, scenario, await playCalm(theatre, scenario));
    },
    timeoutMs,
  );
}
