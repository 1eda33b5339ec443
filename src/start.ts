import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSeed } from './simulator/read-seed';
import { type Simulator, startSimulator } from './simulator/simulator';
import type { SeedName } from './simulator/state';
import { openWindow } from './simulator/teams/playground-window';
import { startTeams, type Teams } from './simulator/teams/teams';
import { whenNpmIsGone } from './when-npm-is-gone';

/**
 * `npm start`: the whole product on this machine. Azure and Teams are simulated here, in this process; the bot runs
 * in a process of its own that knows of neither and is pointed at them by environment alone.
 */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  mkdirSync(settings.dataDir, { recursive: true });
  let teams: Teams | undefined;
  const [simulator, ready] = await Promise.all([
    startSimulator({
      dataDir: settings.dataDir,
      proxyPort: settings.proxyPort,
      controlPort: settings.controlPort,
      ...(settings.speed === undefined ? {} : { speed: settings.speed }),
      ...(settings.seed === undefined ? {} : { seed: settings.seed }),
      // Teams keeps what the bot wrote; Microsoft Graph is where the bot can read it back after a crash.
      extraHosts: { 'graph.microsoft.com': (request) => teams?.graph(request) ?? { status: 503 } },
    }),
    startTeams({
      botEndpoint: `http://127.0.0.1:${settings.port}/api/messages`,
      port: settings.teamsPort,
      dataDir: join(settings.dataDir, 'teams'),
    }),
  ]);
  teams = ready;
  const bot = superviseBot(settings, simulator);
  const windows = settings.playground ? openWindows(ready, settings) : Promise.resolve([]);
  const [, open] = await Promise.all([bot.ready, windows]);
  console.log(welcome(settings, simulator, open));

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    Promise.all([bot.stop(), ...open.map((window) => window.close())])
      .then(() => Promise.all([simulator.close(), ready.close()]))
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  whenNpmIsGone(process.env, stop);
}

interface Settings {
  readonly port: number;
  readonly teamsPort: number;
  readonly proxyPort: number;
  readonly controlPort: number;
  readonly windowPorts: readonly [number, number];
  readonly speed: number | undefined;
  readonly seed: SeedName | undefined;
  readonly dataDir: string;
  readonly playground: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const number = (name: string, otherwise: number): number => {
    const text = environment[name]?.trim();
    if (!text) return otherwise;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 0) return value;
    throw new Error(`${name} must be a number, not "${text}". Set it to a number or leave it out.`);
  };
  const port = number('PORT', 3978);
  return {
    port,
    teamsPort: number('TEAMS_PORT', port + 1),
    proxyPort: number('SIMULATOR_PROXY_PORT', 8888),
    controlPort: number('SIMULATOR_CONTROL_PORT', 8889),
    windowPorts: [number('PLAYGROUND_PORT', 56150), number('PLAYGROUND_APPROVER_PORT', 56151)],
    speed: environment['SIMULATOR_SPEED'] ? number('SIMULATOR_SPEED', 60) : undefined,
    seed: readSeed(environment['SIMULATOR_SEED']),
    dataDir: resolve(environment['DATA_DIR'] ?? '.data'),
    playground: environment['PLAYGROUND'] !== 'off',
    environment,
  };
}

/** Runs the bot, and starts it again when it dies: what it was doing goes on. */
function superviseBot(settings: Settings, simulator: Simulator) {
  const logFile = join(settings.dataDir, 'bot.log');
  const log = createWriteStream(logFile, { flags: 'a' });
  let child: ChildProcess;
  let stopping = false;
  let isUp = false;

  const launch = (): Promise<void> => {
    child = fork(join(__dirname, 'main.js'), {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...settings.environment,
        ...simulator.environment,
        PORT: String(settings.port),
        DATA_DIR: settings.dataDir,
      },
      // Its own process group: Ctrl-C reaches this process, which stops the bot in order.
      detached: true,
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2_000);
    });
    return new Promise((resolveReady, reject) => {
      child.once('message', () => {
        isUp = true;
        resolveReady();
      });
      child.once('exit', (code, signal) => {
        if (stopping) return;
        if (!isUp)
          return reject(
            new Error(`The bot did not start (${signal ?? `exit code ${code}`}).\n${said.trim()}`),
          );
        console.log(
          `The bot ended (${signal ?? `exit code ${code}`}); starting it again. Its log: ${logFile}`,
        );
        setTimeout(() => launch().then(() => console.log('The bot is back; its runs go on.'), fail), 200);
      });
    });
  };

  return {
    ready: launch(),
    stop: async (): Promise<void> => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((done) => child.once('exit', () => done()));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const openWindows = (teams: Teams, { windowPorts: [requester, approver], dataDir }: Settings) =>
  Promise.all([
    openWindow({
      teams,
      person: 'Alex Wilber',
      port: requester,
      directory: join(dataDir, 'playground-alex'),
    }),
    openWindow({
      teams,
      person: 'Megan Bowen',
      port: approver,
      directory: join(dataDir, 'playground-megan'),
    }),
  ]);

function welcome(
  settings: Settings,
  simulator: Simulator,
  windows: readonly { readonly url: string }[],
): string {
  const [requester, approver] = windows;
  const { words, restoreTo } = whatHappened(simulator);
  const chat =
    requester && approver
      ? [
          `  Alex Wilber, who asks       ${requester.url}`,
          `  Megan Bowen, who approves   ${approver.url}`,
          '',
          `${words}In Alex's window open My Team > General and type:`,
          '',
          `  @dr restore db to ${restoreTo}`,
          '',
          "Then approve in Megan's window. `@dr help` shows the rest.",
        ]
      : [`  POST http://127.0.0.1:${settings.port}/api/messages   (PLAYGROUND=off: no chat windows)`];
  return [
    '',
    'dr-bot is ready. Azure and Teams are simulated on this machine.',
    '',
    ...chat,
    '',
    `State is kept in ${settings.dataDir} (the bot's log: ${join(settings.dataDir, 'bot.log')}).`,
    `Azure simulator: proxy ${simulator.proxyUrl}, control ${simulator.controlUrl}. Ctrl-C stops everything.`,
    ...(settings.environment['MicrosoftAppId']
      ? []
      : ['NO CREDENTIALS are set: the bot checks no tokens and listens to this machine only.']),
    '',
  ].join('\n');
}

/** The disaster that is waiting in the simulator, and a moment just before it. */
function whatHappened(simulator: Simulator): { readonly words: string; readonly restoreTo: string } {
  const live = simulator.estate().databases.filter((database) => !/-(old|restored)-/.test(database.name));
  const loss = live.flatMap((database) => database.history).findLast((change) => change.rows < 0);
  const aWeekAgo = Date.now() - 6.5 * 24 * 60 * 60_000;
  const at = loss ? Date.parse(loss.at) : 0;
  if (!loss || at < aWeekAgo) return { words: '', restoreTo: '30 minutes ago' };
  const minuteBefore = new Date(Math.floor((at - 1_000) / 60_000) * 60_000).toISOString().replace('.000', '');
  return { words: `${loss.what} at ${loss.at.slice(11, 16)} UTC. `, restoreTo: minuteBefore };
}

function fail(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  const taken = /EADDRINUSE.*?:(\d+)/.exec(words);
  console.error(
    taken
      ? `Port ${taken[1]} is taken. Is dr-bot running already? Stop it, or choose other ports (PORT, TEAMS_PORT, SIMULATOR_PROXY_PORT, SIMULATOR_CONTROL_PORT).`
      : words,
  );
  process.exit(1);
}

main().catch(fail);
