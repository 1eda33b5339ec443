import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Azure } from '../../../src/azure/azure';
import { createDbos } from '../../../src/engine/dbos-durable';
import { requestId } from '../../../src/engine/perform';
import { createTimeline, type Timeline } from '../../../src/incidents/timeline';
import { Paused, type PlayerInput, partsOf, playToTheEnd } from './player';
import { claim, claimed, type Pause, type Strike, signalOf } from './strikes';
import { startOn } from './theatre';
import { watchedTimeline } from './watched-timeline';

/** What the parent tells one of two bots besides. */
export interface TwoBotsInput extends PlayerInput {
  readonly name: string;
  readonly strikes: readonly Strike[];
  /** The folder in which it is written down which strikes have come. */
  readonly folder: string;
  readonly leaseMs: number;
}

/** What it tells, in a line of its own: that it carries runs out, stands still from now on, or has lost the right. */
type Told = 'conducts' | Pause | 'lost';

const tell = (what: Told): void => void writeSync(1, `${what}\n`);

/** One of two bots on a store: asks, answers and, when it has the right to, carries out, until it is told to end. */
async function main(input: TwoBotsInput): Promise<void> {
  const { scenario, store, azure, estate, now } = await partsOf(input, input.leaseMs);
  const timeline = createTimeline(store.pool, now);
  // At most one strike for each time that it gets the right: what it does after one, it does no longer in charge.
  let armedAt = -1;
  const strikeAt = (when: Strike['when'], is: (what: string) => boolean): void => {
    const index = input.strikes.findIndex((one) => one.when === when && is(one.what));
    const strike = input.strikes[index];
    if (!strike || armedAt !== claimed(input.folder) || !claim(input.folder, index)) return;
    if (strike.how !== 'kill') tell(strike.how);
    process.kill(process.pid, signalOf(strike));
  };
  const isEntry = (all: readonly { readonly id: string }[]) => (what: string) =>
    all.some(({ id }) => id.endsWith(`:${what}`));
  const dbos = createDbos({
    ...{ url: store.url, executor: input.name, log: () => undefined, silenceMs: input.leaseMs },
  });
  const engine = await startOn(
    store,
    beforeChanges(azure, timeline, (isOf) => strikeAt('before change', isOf)),
    estate,
    {
      timeline: watchedTimeline(timeline, {
        during: (drafts) => strikeAt('during entry', isEntry(drafts)),
        after: (added) => strikeAt('after entry', isEntry(added)),
      }),
      durable: {
        ...dbos,
        open: () => {
          armedAt = claimed(input.folder);
          tell('conducts');
          return dbos.open();
        },
      },
      leaseMs: input.leaseMs,
      warn: (words, error) => {
        process.stderr.write(`${words} ${String(error)}\n`);
        if (words.startsWith('The right to conduct was lost')) tell('lost');
      },
    },
  );
  let over = false;
  process.once('SIGTERM', () => {
    over = true;
    engine
      .stop()
      .then(() => store.close())
      .then(() => process.exit(0), fail);
  });
  while (!over) {
    try {
      await playToTheEnd(engine, scenario, input);
    } catch (error) {
      if (error instanceof Paused) throw error;
      // As people do whose answer did not get through: the store has ended what a stopped bot was in the middle of.
      process.stderr.write(`${String(error)}\n`);
    }
    await pause(50);
  }
}

/** Azure, with something done between a step's look and its change, told by whether a stage is that step. */
const beforeChanges = (
  azure: Azure,
  timeline: Timeline,
  seen: (isOf: (stage: string) => boolean) => void,
): Azure => ({
  ...azure,
  handler: (operation) => {
    const handler = azure.handler(operation);
    return {
      ...handler,
      begin: async (change, sent) => {
        const runs = await timeline.unfinishedRuns();
        seen((stage) => runs.some(({ run }) => requestId(run, stage, 1) === sent.requestId));
        return handler.begin(change, sent);
      },
    };
  },
});

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

main(JSON.parse(process.argv[2] ?? '{}')).catch(fail);
