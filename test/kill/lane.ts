import { Client } from 'pg';
import { playgroundTenant } from '../../src/simulator/teams/tenant';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres';
import { temporaryFolder } from '../support/temporary-store';
import { putStore } from '../support/unused-store';
import { startWorld, type World } from '../support/world';
import { answerBoundary, azureBoundary, type Boundary, teamsBoundary, writeBoundary } from './boundary';
import { type Relay, relayTo } from './relay';
import { tapStore, type Verdict } from './store-tap';

/** A bot that is started again whenever it dies, with somebody watching everything that goes in or out of it. */
export interface Lane {
  readonly world: World;
  readonly relay: Relay;
  readonly store: Client;
  /** Watches from now on; answering `cut` kills the bot at that very moment. */
  readonly watch: (watcher: (boundary: Boundary) => Verdict) => void;
  /** A channel nobody has written in: Teams' limits count by channel. */
  readonly freshChannel: () => string;
  /** Waits until the bot, if it was killed, is there again. */
  readonly up: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const CHANNELS = 400;

/** Starts a lane with a PostgreSQL server of its own, which outlives the bot. */
export async function startLane(): Promise<Lane> {
  const folder = await temporaryFolder();
  putStore(folder.path);
  const server = await startEmbeddedPostgres(folder.path);
  let watcher: (boundary: Boundary) => Verdict = () => 'go on';
  let restarting: Promise<void> = Promise.resolve();
  let isDead = false;
  let world: World | undefined;

  const hear = (boundary: Boundary | null): Verdict => {
    if (!boundary || isDead || !world) return 'go on';
    if (watcher(boundary) !== 'cut') return 'go on';
    const { bot } = world;
    process.kill(bot.pid(), 'SIGKILL');
    isDead = true;
    restarting = bot.kill().then(async () => {
      isDead = false;
      // As whoever watches over it does: a store that is slow on a busy machine ends a start.
      await bot.start().catch(() => bot.start());
    });
    // Whoever waits for the lane hears of a failed start; until then it must not end the test's process.
    restarting.catch(() => undefined);
    return 'cut';
  };

  const tap = await tapStore(server.url, (unit, when) => hear(writeBoundary(unit, when)));
  const relay = await relayTo(
    () => world?.bot.url ?? '',
    (activity) => hear(answerBoundary(activity)),
  );
  const channels = Array.from({ length: CHANNELS }, (_one, index) => ({
    id: `channel-${index}-id`,
    name: `Channel ${index}`,
  }));
  const { team } = playgroundTenant;
  world = await startWorld({
    tenant: { ...playgroundTenant, team: { ...team, channels: [...team.channels, ...channels] } },
    environment: { DATABASE_URL: tap.url },
    botEndpoint: relay.url,
  });
  const { simulator, teams } = world;
  // Once more, now that the way to the bot is open.
  await teams.install();
  simulator.onRequest((entry) => {
    hear(azureBoundary(entry));
  });
  for (const what of ['message', 'update'] as const)
    teams.on(what, (message) => {
      hear(teamsBoundary(message, what));
    });
  const store = new Client({ connectionString: server.url, options: '-c search_path=dr,public' });
  store.on('error', () => undefined);
  await store.connect();
  let used = 0;
  const running = world;
  return {
    ...{ world: running, relay, store },
    watch: (next) => {
      watcher = next;
    },
    freshChannel: () => {
      const channel = channels[used];
      if (!channel) throw new Error(`A lane has ${CHANNELS} channels, and all were used.`);
      used += 1;
      return channel.id;
    },
    up: () => restarting,
    close: async () => {
      watcher = () => 'go on';
      await restarting.catch(() => undefined);
      await running.close();
      await relay.close();
      await store.end();
      await tap.close();
      await server.stop();
      await folder.remove();
    },
  };
}
