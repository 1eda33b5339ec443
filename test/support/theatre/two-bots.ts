import type { Scenario } from '../../scenarios/scenario';
import { playedByTwo } from './all-scenarios';
import { eachScenario } from './each-scenario';
import { playTwoBots } from './play-two-bots';
import { allStrikes, fewStrikes, momentsOf } from './strikes';

/** `KILL=all` strikes at every moment of every scenario, in every way; otherwise a pause and a kill in each. */
const everything = process.env['KILL'] === 'all';

/** Declares the tests in which one of two bots is killed, or stands still past its lease, in these scenarios. */
export function twoBots(scenarios: readonly Scenario[]): void {
  eachScenario(
    scenarios,
    'one of two bots is killed, or stands still and wakes up: the other finishes it, and nothing is doubled',
    async (theatre, scenario, calm) => {
      const moments = momentsOf(calm);
      const plays = everything ? allStrikes(moments) : [fewStrikes(moments, playedByTwo.indexOf(scenario))];
      for (const strikes of plays) {
        const { struck, complaints } = await playTwoBots(theatre, scenario, calm, strikes);
        expect({ strikes, complaints }).toEqual({ strikes, complaints: [] });
        expect(struck).toBeGreaterThan(0);
      }
    },
    everything ? 7_200_000 : 240_000,
  );
}
