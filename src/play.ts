import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAzure } from './azure/create-azure';
import { signIn } from './azure/sign-in';
import { type Config, readConfig } from './config';
import { startEngine } from './engine/create-engine';
import { createDbos } from './engine/dbos-durable';
import { createDirectory } from './engine/directory';
import { allViews } from './engine/incident-views';
import { loadRunbooks } from './engine/load-runbooks';
import { createTimeline } from './incidents/timeline';
import { openStore } from './store/store';
import { type Asked, readArguments } from './terminal/arguments';
import { type Console, createConsole } from './terminal/console';
import type { Desk } from './terminal/desk';
import { drawList } from './terminal/draw-list';
import { EXIT } from './terminal/exit-code';
import { help } from './terminal/help';
import { playRun } from './terminal/play-run';
import { withoutSecrets } from './without-secrets';

/** `npm run play`: carries out any runbook from a terminal, on the engine, the store and the timeline of the bot. */
async function main(): Promise<void> {
  // A library's notes to its developers are noise to whoever sits here.
  process.noDeprecation = true;
  const asked = readArguments(process.argv.slice(2));
  if (asked.kind === 'help') return end(EXIT.done, help);
  if (asked.kind === 'wrong') return end(EXIT.refused, `${asked.words}\n\n${help}`);
  const config = readConfig(process.env);
  const session: Session = { closing: [], incident: null };
  const interrupted = () => {
    console.log(
      session.incident === null
        ? '\nNothing was begun.'
        : `\n${session.incident} is left as it is: what Azure was asked for goes on. To come back: npm run play ${session.incident}`,
    );
    leave(session, EXIT.interrupted);
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const terminal = createConsole(
    { input: process.stdin, output: process.stdout },
    { noColour: process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '', interrupted },
  );
  const code = await play(config, asked, terminal, session).catch((error: unknown) => {
    complain(`✗ ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  });
  leave(session, code);
}

/** What has to be closed at the end, and the incident whose run is followed. */
interface Session {
  readonly closing: (() => Promise<void>)[];
  incident: string | null;
}

async function play(config: Config, asked: Asked, terminal: Console, session: Session): Promise<number> {
  const now = () => new Date();
  const runbooks = loadRunbooks(join(__dirname, 'runbooks'));
  terminal.status('Opening the store …');
  const store = await openStore({
    ...{ databaseUrl: config.databaseUrl, dataDir: config.dataDir },
    onError: (error) => complain(`A connection to the store broke: ${error.message}`),
  });
  session.closing.push(store.close);
  terminal.status('');
  const timeline = createTimeline(store.pool, now);
  if (asked.words === '' && asked.incident === null) {
    terminal.write(drawList([...runbooks.values()], await allViews(timeline, 'open'), terminal.look));
    return EXIT.done;
  }
  terminal.status('Looking who is signed in to Azure …');
  const first = await someone(config, terminal, config.signIn.existing);
  if ('refused' in first) {
    terminal.write(`✗ ${first.refused}`);
    return EXIT.refused;
  }
  let operator = first.operator;
  terminal.status('Looking whether the bot is alive …');
  // Azure is called as the environment says; where it names no identity, as the person who began.
  const azure = createAzure({ now, ...(config.hasOwnIdentity ? {} : { credential: operator.credential }) });
  const directory = createDirectory(config.estate, azure.directory, now, { freshMs: config.rolesFreshMs });
  const engine = await startEngine({
    ...{ pool: store.pool, timeline, runbooks, azure, estate: config.estate, now, sleep, via: 'terminal' },
    person: directory.person,
    durable: createDbos({ url: store.url, executor: 'terminal', log: () => undefined }),
    warn: (words, error) => complain(`${words} ${error instanceof Error ? error.message : ''}`),
  });
  session.closing.push(engine.stop);
  terminal.status('');
  const desk: Desk = {
    ...{ console: terminal, engine, estate: config.estate, asked, now, newId: randomUUID },
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    account: () => operator.id,
    follows: (incident) => {
      session.incident = incident;
    },
    person: () => directory.person(operator.id, operator.name),
    change: async () => {
      const other = await someone(config, terminal, false);
      if ('refused' in other) return other.refused;
      operator = other.operator;
      return null;
    },
  };
  return playRun(desk);
}

const complain = (words: string): void => console.error(withoutSecrets(words));

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
function leave({ closing }: Session, code: number): void {
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
  complain(error instanceof Error ? error.message : String(error));
  process.exit(EXIT.failed);
});
