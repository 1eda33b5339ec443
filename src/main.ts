import pino, { type Logger } from 'pino';
import type { Bot } from './bot';
import { type Config, ConfigError, readConfig } from './config';
import { openStore } from './store/store';
import { withoutSecrets } from './without-secrets';

/** Runs the bot until it is told to stop. Tells a parent process the port, if there is one, and ends with it. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({
    ...{ level: config.logLevel, base: { replica: config.replica } },
    hooks: { streamWrite: withoutSecrets },
  });
  const starting = start(config, log);
  // From the first moment on: a parent that dies during the start must not leave a bot behind that holds the port.
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'Stopping. Runs go on at the next start.');
    starting.then((bot) => bot.stop()).then(() => process.exit(0), fail);
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('disconnect', () => stop('the process that started it is gone'));
  const { port } = await starting;
  if (process.connected) process.send?.({ port });
}

async function start(config: Config, log: Logger): Promise<Bot> {
  const opening = openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    onError: (error) => log.error({ problem: error.message }, 'A connection to the store broke.'),
  });
  // A failed opening is reported by whoever awaits it, below; without this Node would end the process before that.
  opening.catch(() => undefined);
  // The SDKs take a second to load: meanwhile the store's server starts.
  const { startBot } = await import('./bot.js');
  return startBot(config, opening, log);
}

function fail(error: unknown): void {
  if (error instanceof ConfigError) console.error(error.message);
  else console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}

main().catch(fail);
