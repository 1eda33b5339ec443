import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createAzure } from '../../../src/azure/create-azure';
import type { RunningEngine } from '../../../src/engine/create-engine';
import type { JsonObject } from '../../../src/incidents/json';
import { openStore } from '../../../src/store/store';
import type { Scenario } from '../../scenarios/scenario';
import { allScenarios, nameOf } from './all-scenarios';
import { answerGates, DEADLINE_MS, estateOf, LOOK_EVERY_MS, peopleOf } from './theatre';

/** The run stands and asks people: nothing that a bot suffers may lead to that. */
export class Paused extends Error {
  override readonly name = 'Paused';
}

/** What a bot in a process of its own is told: which scenario is played, and where. */
export interface PlayerInput {
  readonly databaseUrl: string;
  readonly scenario: string;
  readonly parameters: JsonObject;
  /** The file in which it writes down every vote that was acknowledged to it, one id a line. */
  readonly acknowledged: string;
}

/** What such a bot is made of. @throws Error when there is no such scenario. */
export async function partsOf({ databaseUrl, scenario: name }: PlayerInput, silenceMs?: number) {
  const scenario = allScenarios.find((one) => nameOf(one) === name);
  if (!scenario) throw new Error(`There is no scenario "${name}".`);
  const now = () => new Date();
  const store = await openStore({
    ...{ databaseUrl, dataDir: '/nowhere', onError: () => undefined },
    ...(silenceMs === undefined ? {} : { silenceMs }),
  });
  const azure = createAzure({ now, deadlineMs: DEADLINE_MS, activityLogPatienceMs: 300 });
  return { scenario, store, azure, estate: estateOf(scenario), now };
}

/** Asks for the scenario's run, the same however often it is asked for, and answers its gates until it is over. */
export async function playToTheEnd(
  engine: RunningEngine,
  scenario: Scenario,
  { parameters, acknowledged }: PlayerInput,
): Promise<void> {
  const estate = estateOf(scenario);
  const { asks, answer } = peopleOf(estate);
  const made = await engine.request({
    ...{ id: 'the-one', app: estate.apps[0]?.name ?? '', runbook: scenario.runbook, parameters },
    ...{ words: scenario.words, by: asks, conversation: 'theatre', at: new Date() },
  });
  if ('refused' in made) throw new Error(made.refused);
  for (;;) {
    const state = (await engine.incidentOfRun(made.run))?.runs.find((one) => one.run === made.run);
    if (!state) throw new Error(`There is no run ${made.run}.`);
    if (state.finished) return;
    if (state.pause)
      throw new Paused(JSON.stringify([state.pause, state.stages[state.pause.stage]?.problem]));
    await answerGates(engine, state, answer, scenario.answers, (vote) =>
      appendFileSync(acknowledged, `${vote}\n`),
    );
    await pause(LOOK_EVERY_MS);
  }
}
