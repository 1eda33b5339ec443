import { createTimeline } from '../../../src/incidents/timeline';
import { type PlayerInput, partsOf, playToTheEnd } from './player';
import { startOn } from './theatre';
import { watchedTimeline } from './watched-timeline';

/** What the parent tells besides: after which entries this process ends as by `kill -9`. */
export interface TheatreChildInput extends PlayerInput {
  /** Ends of entry ids: `restore:intended:1`. An entry is written once, so each of them kills once. */
  readonly dieAfter: readonly string[];
}

/** How long the next process waits after this one was killed: shorter than in earnest, and long enough for a busy machine. */
const LEASE_MS = 3_000;

/** Plays a whole run by itself, answering whatever is asked, and ends when it is over. */
async function main(input: TheatreChildInput): Promise<void> {
  const { scenario, store, azure, estate, now } = await partsOf(input);
  const timeline = watchedTimeline(createTimeline(store.pool, now), {
    after: (added) => {
      if (added.some(({ id }) => input.dieAfter.some((end) => id.endsWith(`:${end}`))))
        process.kill(process.pid, 'SIGKILL');
    },
  });
  const engine = await startOn(store, azure, estate, { timeline, leaseMs: LEASE_MS });
  await playToTheEnd(engine, scenario, input);
  await engine.stop();
  await store.close();
}

main(JSON.parse(process.argv[2] ?? '{}')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
