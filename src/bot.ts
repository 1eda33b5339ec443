import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod/v4';
import { channelMessages } from './azure/channel-messages';
import { createAzure } from './azure/create-azure';
import { AzureProblem } from './azure/operation';
import { createArrived } from './chat/arrived';
import { createChat } from './chat/chat';
import type { Config } from './config';
import { startEngine } from './engine/create-engine';
import { createDbos } from './engine/dbos-durable';
import { createDirectory } from './engine/directory';
import { loadRunbooks } from './engine/load-runbooks';
import { createTimeline } from './incidents/timeline';
import { createReadiness } from './readiness/readiness';
import { createRollCalls } from './readiness/roll-calls';
import { look } from './readiness/triage/probes/look';
import { serve } from './server';
import type { Store } from './store/store';

/** The bot while it listens. */
export interface Bot {
  readonly port: number;
  /** Ends after what is under way; runs go on at the next start. */
  readonly stop: () => Promise<void>;
}

/** How long one reading of a triage may take, its repetitions included, in milliseconds. */
const BRISK_MS = 6_000;

/** Puts the bot together over an open store, and starts it. @throws Error in words when the port is taken. */
export async function startBot(config: Config, opening: Promise<Store>, log: Logger): Promise<Bot> {
  const now = () => new Date();
  const store = await opening;
  const { estate } = config;
  const azure = createAzure({ now, log: (line) => log.warn(line) });
  const directory = createDirectory(estate, azure.directory, now, { freshMs: config.rolesFreshMs });
  // Read before anybody asks, so that the first card is addressed to everybody who may answer it.
  directory.people();
  // A triage has to be there within seconds: what answers late counts as not known.
  const brisk = createAzure({ now, log: (line) => log.info(line), deadlineMs: BRISK_MS });
  const engine = await startEngine({
    ...{ pool: store.pool, timeline: createTimeline(store.pool, now), azure, estate, now, sleep },
    person: directory.person,
    warn: (words, error) => log.warn({ err: error }, words),
    runbooks: loadRunbooks(join(__dirname, 'runbooks')),
    durable: createDbos({
      url: store.url,
      executor: config.replica,
      log: (level, line) => log[level](line),
    }),
  });
  const rollCalls = createRollCalls(store.pool);
  // Told to take any free port, the bot knows its address only once it listens.
  let { port } = config;
  const chat = createChat({
    ...{
      engine,
      estate,
      directory,
      rollCalls,
      pool: store.pool,
      now,
      random: Math.random,
      log,
    },
    readiness: createReadiness({ azure, estate, engine, directory, rollCalls, now }),
    ...{ credentials: config.credentials, alerts: config.alerts },
    publicUrl: () => config.publicUrl ?? `http://127.0.0.1:${port}`,
    look: (app) => look(app, { azure: brisk, now }),
    arrived: (references) =>
      createArrived(
        references,
        channelMessages({}),
        (error) => error instanceof AzureProblem && error.details.passing,
      ),
  });
  const version = ownVersion();
  const subscriptionId = estate.apps[0]?.subscriptionId ?? '';
  const listening = await serve(
    {
      ...{
        messages: chat.messages,
        alert: chat.alert,
        incident: chat.incident,
        value: chat.value,
        inventory: chat.inventory,
        version,
        store: store.reachable,
      },
      azure: async () => (await azure.reachable(subscriptionId)).ok,
    },
    { port: config.port, ...(config.credentials ? {} : { host: '127.0.0.1' }), log },
  );
  port = listening.port;
  chat.start();
  log.info(
    { port: listening.port, store: store.kind, version, runbooks: [...engine.runbooks.keys()] },
    'Ready.',
  );
  return {
    port: listening.port,
    stop: async () => {
      await listening.close();
      await chat.stop();
      await engine.stop();
      await store.close();
    },
  };
}

const ownVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'))).version;
