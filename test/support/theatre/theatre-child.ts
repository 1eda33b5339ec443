import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createAzure } from '../../../src/azure/create-azure';
import type { JsonObject } from '../../../src/incidents/json';
import { createTimeline, type Timeline } from '../../../src/incidents/timeline';
import { openStore } from '../../../src/store/store';
import { allScenarios, nameOf } from './all-scenarios';
import { answerGates, DEADLINE_MS, estateOf, peopleOf, startOn } from './theatre';

/** What the parent tells: which scenario is played, and after which entries this process ends as by `kill -9`. */
export interface TheatreChildInput {
  readonly databaseUrl: string;
  readonly scenario: string;
  readonly parameters: JsonObject;
  /** Ends of entry ids: `restore:intended:1`. An entry is written once, so each of them kills once. */
  readonly dieAfter: readonly string[];
  /** The file in which it writes down every vote that was acknowledged to it, one id a line. */
  readonly acknowledged: string;
}

/** Plays a whole run by itself, answering whatever is asked, and prints its name when it is over. */
async function main(input: TheatreChildInput): Promise<void> {
  const { databaseUrl, scenario: name, parameters, dieAfter } = input;
  const scenario = allScenarios.find((one) => nameOf(one) === name);
  if (!scenario) throw new Error(`There is no scenario "${name}".`);
  const now = () => new Date();
  const store = await openStore({ databaseUrl, dataDir: '/nowhere', onError: () => undefined });
  const azure = createAzure({ now, deadlineMs: DEADLINE_MS, activityLogPatienceMs: 300 });
  const estate = estateOf(scenario);
  const { asks, answer } = peopleOf(estate);
  const engine = await startOn(store, azure, estate, mortal(createTimeline(store.pool, now), dieAfter));
  const made = await engine.request({
    ...{ id: 'the-one', app: estate.apps[0]?.name ?? '', runbook: scenario.runbook, parameters },
    ...{ words: scenario.words, by: asks, conversation: 'theatre', at: now() },
  });
  if ('refused' in made) throw new Error(made.refused);
  for (;;) {
    const state = (await engine.incidentOfRun(made.run))?.runs.find((one) => one.run === made.run);
    if (!state) throw new Error(`There is no run ${made.run}.`);
    if (state.finished) break;
    if (state.pause)
      throw new Error(
        `It paused: ${JSON.stringify([state.pause, state.stages[state.pause.stage]?.problem])}`,
      );
    await answerGates(engine, state, answer, scenario.answers, (vote) =>
      appendFileSync(input.acknowledged, `${vote}\n`),
    );
    await pause(10);
  }
  process.stdout.write(`${made.incident}\n`);
  await engine.stop();
  await store.close();
}

/** A timeline whose process ends once it has written one of these entries, before anybody learns of it. */
function mortal(timeline: Timeline, dieAfter: readonly string[]): Timeline {
  const dieAt = <T extends readonly { readonly id: string }[]>(added: T): T => {
    if (added.some(({ id }) => dieAfter.some((end) => id.endsWith(`:${end}`))))
      process.kill(process.pid, 'SIGKILL');
    return added;
  };
  return {
    ...timeline,
    append: async (...to) => dieAt(await timeline.append(...to)),
    appendAfter: async (...to) => dieAt(await timeline.appendAfter(...to)),
  };
}

main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
