import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunState, runState } from '../../../src/incidents/run-state';
import { createTimeline, type Timeline } from '../../../src/incidents/timeline';
import type { Scenario } from '../../scenarios/scenario';
import { nameOf } from './all-scenarios';
import { complaintsOf } from './complaints';
import type { PlayerInput } from './player';
import { actMeanwhile, type Played, type Theatre } from './theatre';

/** A disaster that has happened, and an empty store for bots in processes of their own. */
export interface Scene {
  /** What a bot is told. */
  readonly input: PlayerInput;
  readonly timeline: Timeline;
  /** A folder of the play's own. */
  readonly folder: string;
  /** The run that was asked for, as it stands; null before that. */
  readonly state: () => Promise<RunState | null>;
  /** What is not as in the calm play. */
  readonly complaints: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Lets a scenario's disaster happen; people do meanwhile what they do in it. */
export async function setScene(theatre: Theatre, scenario: Scenario, calm: Played): Promise<Scene> {
  const { simulator, azure } = theatre;
  simulator.reset(scenario.seed ?? 'tier2');
  await scenario.disaster(simulator);
  const parameters = await scenario.parameters(simulator);
  const { url, pool, drop } = await theatre.database();
  const timeline = createTimeline(pool, () => new Date());
  const from = simulator.journal().at(-1)?.seq ?? 0;
  const folder = mkdtempSync(join(tmpdir(), 'scene-'));
  const acknowledged = join(folder, 'acknowledged');
  writeFileSync(acknowledged, '');

  const entries = async () => {
    const [row] = await timeline.incidents('all');
    return row ? timeline.entries(row.incident) : [];
  };
  const state: Scene['state'] = async () => {
    const all = await entries();
    const run = all.find((entry) => entry.run !== null)?.run;
    return run ? runState(run, all) : null;
  };
  const acted = new Set<string>();
  const helping = setInterval(() => {
    const help = async () => {
      const now = await state();
      if (now) await actMeanwhile(scenario, now, acted, azure, simulator);
    };
    help().catch(() => undefined);
  }, 100);
  return {
    input: { databaseUrl: url, scenario: nameOf(scenario), parameters, acknowledged },
    ...{ timeline, folder, state },
    complaints: async () =>
      complaintsOf(theatre, scenario, calm, {
        entries: await entries(),
        acknowledged: readFileSync(acknowledged, 'utf8').split('\n').filter(Boolean),
        journal: simulator.journal(from),
      }),
    close: async () => {
      clearInterval(helping);
      rmSync(folder, { recursive: true });
      await drop();
    },
  };
}
