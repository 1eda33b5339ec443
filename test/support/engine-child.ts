import { setTimeout as pause } from 'node:timers/promises';
import { createTimeline, type Timeline } from '../../src/incidents/timeline';
import { openStore } from '../../src/store/store';
import { createFakeAzure } from './fake-azure';
import { megan } from './people';
import { asks, restoreRequest, startShop, stateIn } from './shop-engine';

/** What the parent tells: where the store and Azure are, and at which moments this process ends as by `kill -9`. */
export interface EngineChildInput {
  readonly databaseUrl: string;
  readonly azureFile: string;
  readonly at: string;
  /** `entry <n>`: as soon as the run has n entries; `before <change>`, `after <change>`: around a change in Azure. */
  readonly dieAt: string | null;
  /** How far this process's clock is ahead, in hours: as if the bot had been down that long. */
  readonly hoursLater: number;
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Plays a whole run by itself, approving whatever is asked, and prints how it ended. */
async function main({ databaseUrl, azureFile, at, dieAt, hoursLater }: EngineChildInput): Promise<void> {
  const now = () => new Date(Date.now() + hoursLater * 3_600_000);
  const store = await openStore({ databaseUrl, dataDir: '/nowhere', onError: () => undefined });
  const hook = (moment: string) => (change: string) => {
    if (dieAt === `${moment} ${change.split(' ')[0]}`) die();
  };
  const azure = createFakeAzure({
    now,
    file: azureFile,
    hooks: { before: hook('before'), after: hook('after') },
  });
  const engine = await startShop(store, azure, {
    now,
    timeline: mortal(createTimeline(store.pool, now), dieAt),
  });
  const request = restoreRequest('the-one');
  const made = await engine.request({ ...request, parameters: { ...request.parameters, at } });
  if ('refused' in made) throw new Error(made.refused);
  for (;;) {
    const state = await stateIn(engine, made.run);
    if (state.finished) break;
    if (state.pause) throw new Error(`The run has paused: ${JSON.stringify(state.pause)}`);
    for (const [stage, choice] of [
      ['begin', 'approve'],
      ['swap', 'approve'],
      ['commit', 'keep'],
    ] as const) {
      const round = state.gates[stage]?.round ?? 1;
      if (!asks(stage, round)(state)) continue;
      const planHash = state.planHash ?? '';
      await engine.vote({
        id: `vote-${stage}-${round}`,
        run: made.run,
        stage,
        planHash,
        choice,
        reason: '',
        by: megan,
        at: now(),
      });
    }
    await pause(5);
  }
  const end = await engine.incidentOfRun(made.run);
  process.stdout.write(`${JSON.stringify({ run: made.run, entries: end?.entries })}\n`);
  await engine.stop();
  await store.close();
}

/** A timeline whose process ends once it has written the entry that the parent named, before anybody learns of it. */
function mortal(timeline: Timeline, dieAt: string | null): Timeline {
  const dieAfter = <T>(added: T): T => {
    if (Array.isArray(added) && added.some((entry: { seq: number }) => dieAt === `entry ${entry.seq}`)) die();
    return added;
  };
  return {
    ...timeline,
    append: async (...to) => dieAfter(await timeline.append(...to)),
    appendAfter: async (...to) => dieAfter(await timeline.appendAfter(...to)),
    openRun: async (request) => {
      const opened = await timeline.openRun(request);
      if ('isNew' in opened && opened.isNew && dieAt === 'entry 2') die();
      return opened;
    },
  };
}

main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
