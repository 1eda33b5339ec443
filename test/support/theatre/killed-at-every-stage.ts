import type { Scenario } from '../../scenarios/scenario';
import { allScenarios } from './all-scenarios';
import { eachScenario } from './each-scenario';
import { entryEnds, type Kills, playKilled } from './play-killed';
import { changesOf } from './play-wrongs';
import type { Played } from './theatre';

/** `KILL=all` kills at every stage and after every change of every scenario; otherwise at one of them in each. */
const everything = process.env['KILL'] === 'all';

/** Declares the tests in which the bot dies at the stages of these scenarios. */
export function killedAtEveryStage(scenarios: readonly Scenario[]): void {
  eachScenario(
    scenarios,
    'killed at its stages and after its changes, the bot finishes it as if nothing had been',
    async (theatre, scenario, calm) => {
      const plays = everything ? allKills(calm) : [oneKill(calm, allScenarios.indexOf(scenario))];
      for (const kills of plays) {
        const { deaths, complaints } = await playKilled(theatre, scenario, calm, kills);
        expect(complaints).toEqual([]);
        expect(deaths).toBeGreaterThan(0);
      }
    },
    600_000,
  );
}

/** Every other entry at a time, so that a bot goes on for a while before it dies again; and every change. */
const allKills = (calm: Played): readonly Kills[] => {
  const ends = entryEnds(calm);
  return [
    { afterEntries: ends.filter((_end, index) => index % 2 === 0), afterChanges: [] },
    { afterEntries: ends.filter((_end, index) => index % 2 === 1), afterChanges: [] },
    { afterEntries: [], afterChanges: changesOf(calm) },
  ];
};

/**
 * A stage near the beginning, a change in the middle or a stage near the end, another one in each scenario; where everything
 * is taken back, of the part that does it.
 */
const oneKill = (calm: Played, nth: number): Kills => {
  const [all, changed] = [entryEnds(calm), changesOf(calm)];
  const undo = all.filter((end) => end.startsWith('undo'));
  const ends = undo.length > 0 ? undo : all;
  const changes = undo.length > 0 ? changed.slice(-1) : changed;
  const at = (list: readonly string[], share: number) =>
    list.slice(Math.floor(list.length * share)).slice(0, 1);
  const none = { afterEntries: [], afterChanges: [] };
  const kinds = [
    { ...none, afterEntries: at(ends, 0.2) },
    { ...none, afterChanges: at(changes, 0.5) },
    { ...none, afterEntries: at(ends, 0.8) },
  ];
  return kinds[nth % kinds.length] ?? none;
};
