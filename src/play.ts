import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAzure } from './azure/create-azure';
import { type Operator, signIn } from './azure/sign-in';
import { type Config, ConfigError, readConfig } from './config';
import { type RunningEngine, startEngine } from './engine/create-engine';
import { createDbos } from './engine/dbos-durable';
import { allViews } from './engine/incident-views';
import { loadRunbooks } from './engine/load-runbooks';
import { createTimeline } from './incidents/timeline';
import { openStore, type Store } from './store/store';
import { type Asked, readArguments } from './terminal/arguments';
import { type Console, createConsole } from './terminal/console';
import { type Desk, personFor } from './terminal/desk';
import { drawList } from './terminal/draw-list';
import { EXIT } from './terminal/exit-code';
import { help } from './terminal/help';
import { playRun } from './terminal/play-run';

/** `npm run play`: carries out any runbook from a terminal, on the engine, the store and the timeline of the bot. */
async function main(): Promise<void> {
  // A library's notes to its developers are noise to whoever sits here.
  process.noDeprecation = true;
  const asked = readArguments(process.argv.slice(2));
  if (asked.kind === 'help') return end(EXIT.done, help);
  if (asked.kind === 'wrong') return end(EXIT.refused, `${asked.words}\n\n${help}`);
  const config = readConfig(process.env);
  const closing: (() => Promise<void>)[] = [];
  const interrupted = () => {
    console.log(
      '\nLeft as it is: what was begun goes on in Azure, and the run waits. Come back with: npm run play',
    );
    leave(closing, EXIT.interrupted);
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const terminal = createConsole(
    { input: process.stdin, output: process.stdout },
    { noColour: process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '', interrupted },
  );
  const code = await play(config, asked, terminal, closing).catch((error: unknown) => {
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  });
  leave(closing, code);
}

async function play(
  config: Config,
  asked: Asked,
  terminal: Console,
  closing: (() => Promise<void>)[],
): Promise<number> {
  const now = () => new Date();
  const runbooks = loadRunbooks(join(__dirname, 'runbooks'));
  const store = await openStore({
    ...{ databaseUrl: config.databaseUrl, dataDir: config.dataDir },
    onError: (error) => console.error(`A connection to the store broke: ${error.message}`),
  });
  closing.push(store.close);
  const timeline = createTimeline(store.pool, now);
  if (asked.words === '' && asked.incident === null) {
    terminal.write(drawList([...runbooks.values()], await allViews(timeline, 'open'), terminal.look));
    return EXIT.done;
  }
  const first = await someone(config, terminal, config.signIn.existing);
  if ('refused' in first) {
    terminal.write(`✗ ${first.refused}`);
    return EXIT.refused;
  }
  let operator = first.operator;
  const engine = await engineOn(config, store, operator, { runbooks, timeline, now });
  closing.push(engine.stop);
  const desk: Desk = {
    ...{ console: terminal, engine, estate: config.estate, asked, now, newId: randomUUID },
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    person: () => personFor(config.estate, operator),
    change: async () => {
      const other = await someone(config, terminal, false);
      if ('refused' in other) return other.refused;
      operator = other.operator;
      return null;
    },
  };
  return playRun(desk);
}

/** Azure is called as the environment says; where it names no identity, as the person who began. */
const engineOn = (
  config: Config,
  store: Store,
  { credential }: Operator,
  {
    runbooks,
    timeline,
    now,
  }: {
    readonly runbooks: ReturnType<typeof loadRunbooks>;
    readonly timeline: ReturnType<typeof createTimeline>;
    readonly now: () => Date;
  },
): Promise<RunningEngine> =>
  startEngine({
    ...{ pool: store.pool, timeline, runbooks, estate: config.estate, now, sleep, via: 'terminal' },
    azure: createAzure({ now, ...(config.hasOwnIdentity ? {} : { credential }) }),
    durable: createDbos({ url: store.url, executor: 'terminal', log: () => undefined }),
    warn: (words, error) => console.error(`${words} ${error instanceof Error ? error.message : ''}`),
  });

/** Signs somebody in; whoever started this program may help them to, by the code that they have to enter. */
const someone = ({ estate, signIn: { tenantId } }: Config, terminal: Console, existing: boolean) =>
  signIn({
    ...{ tenantId, existing, subscriptionId: estate.apps[0]?.subscriptionId ?? '' },
    show: ({ code, address }) => {
      terminal.write(`To sign in, open ${address} on any device and enter the code ${code}.`);
      if (process.connected) process.send?.({ signIn: code });
    },
  });

/** Ends in order, last opened first; a store that does not answer must not keep a person here. */
function leave(closing: (() => Promise<void>)[], code: number): void {
  const patience = sleep(5_000, undefined, { ref: false });
  const closed = closing
    .splice(0)
    .reduceRight((before, close) => before.then(close), Promise.resolve())
    .catch(() => undefined);
  Promise.race([closed, patience]).then(
    () => process.exit(code),
    () => process.exit(code),
  );
}

function end(code: number, words: string): void {
  console.log(words);
  process.exitCode = code;
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError || error instanceof Error ? error.message : error);
  process.exit(EXIT.failed);
});
