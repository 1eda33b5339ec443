import { allScenarios, nameOf } from '../support/theatre/all-scenarios';
import { changesOf, pairsOf, playCalm, playWrong, rowOf } from '../support/theatre/play-wrongs';
import { openTheatre, type Theatre } from '../support/theatre/theatre';

/** `CHAOS=all` plays every change of every scenario with everything that may go wrong, and prints the table. */
const everything = process.env['CHAOS'] === 'all';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre.close());

test.each(allScenarios.map((scenario) => [nameOf(scenario), scenario] as const))(
  '%s: recovers; and whatever goes wrong with a change, it ends the same, having asked people where it must',
  async (name, scenario) => {
    const calm = await playCalm(theatre, scenario);
    const wrong: string[] = [];
    for (const pair of pairsOf(changesOf(calm), everything ? 'all' : 2)) {
      const result = await playWrong(theatre, scenario, calm, pair);
      if (everything) process.stdout.write(`${rowOf(name, result)}\n`);
      if (result.complaints.length > 0) wrong.push(rowOf(name, result));
    }
    expect(wrong).toEqual([]);
  },
  600_000,
);
