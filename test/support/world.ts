import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator';
import { startTeams, type Teams, type TeamsOptions } from '../../src/simulator/teams/teams';
import { type Channel, playgroundTenant, type Tenant } from '../../src/simulator/teams/tenant';
import { putStore } from './unused-store';

/** The bot in a process of its own, with Azure and Teams simulated around it. */
export interface World {
  readonly simulator: Simulator;
  readonly teams: Teams;
  readonly bot: Bot;
  /** Another bot on the same store, in a process of its own, that is not started yet. */
  readonly another: (environment: Readonly<Record<string, string>>) => Bot;
  /** A channel in which nothing was said yet: Teams limits what a bot may send to one, and stories must not wait for one another. */
  readonly freshChannel: () => string;
  readonly close: () => Promise<void>;
}

/** The bot's process, which a test may kill. */
export interface Bot {
  readonly url: string;
  readonly dataDir: string;
  /** What the bot has written to its log so far. */
  readonly log: () => string;
  readonly pid: () => number;
  /** Ends it as a power cut would: nothing is said to it, nothing is tidied up. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

export interface WorldOptions {
  readonly seed?: SimulatorOptions['seed'];
  /** How much faster than Azure; 6,000 unless told, so that a 20-minute restore takes a fifth of a second. */
  readonly speed?: number;
  readonly limits?: TeamsOptions['limits'];
  /** Changes the demo's estate before the bot reads it. */
  readonly estate?: (estate: EstateFile) => void;
  readonly environment?: Readonly<Record<string, string>>;
  readonly tenant?: TeamsOptions['tenant'];
  /** Where Teams delivers activities; to the bot itself, unless told. */
  readonly botEndpoint?: string | ((bot: string) => string);
  /** What the clocks of bot, Azure and Teams show when they start; the real time unless told. */
  readonly startsAt?: Date;
}

/** The demo's estate file, as far as tests change it. */
interface EstateFile {
  people: { id: string; name: string; roles: string[] }[];
  groups?: { id: string; role: string }[];
  apps: {
    name: string;
    tier: number;
    trafficManager?: { resourceGroup: string; profile: string };
    healthWithinMinutes: number;
    guards?: { resource: string; policy: string }[];
    gates: Record<
      string,
      {
        needs: { role: string; count: number }[];
        expiresAfterMinutes: number;
        onExpiry: string;
        escalation?: { afterMinutes: number; role: string };
      }
    >;
  }[];
}

/** Starts simulator, Teams and bot on free ports. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dr-bot-'));
  if (options.environment?.['DATABASE_URL'] === undefined) putStore(dataDir);
  const ports: { bot: number } = { bot: 0 };
  const spare = Array.from({ length: 60 }, (_, index) => ({ id: `story-${index}`, name: `Story ${index}` }));
  let given = 0;
  const shift = options.startsAt === undefined ? 0 : options.startsAt.getTime() - Date.now();
  const now = () => new Date(Date.now() + shift);
  let teams: Teams | undefined;
  const simulator = await startSimulator({
    now,
    speed: options.speed ?? 6_000,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    extraHosts: { 'graph.microsoft.com': (request) => teams?.graph(request) ?? { status: 503 } },
  });
  teams = await startTeams({
    now,
    botEndpoint: () => {
      const { botEndpoint: given = (bot: string) => bot } = options;
      return typeof given === 'string' ? given : given(`http://127.0.0.1:${ports.bot}/api/messages`);
    },
    limits: options.limits ?? false,
    tenant: options.tenant ?? withChannels(spare),
  });
  const shared = {
    ...simulator.environment,
    ESTATE_FILE: estateIn(dataDir, options.estate),
    ...(shift === 0 ? {} : { NODE_OPTIONS: `--require ${shiftClock}`, CLOCK_SHIFT_MS: String(shift) }),
    ...options.environment,
  };
  const bot = createBot(dataDir, ports, shared);
  const others: Bot[] = [];
  const another: World['another'] = (environment) => {
    const made = createBot(dataDir, { bot: 0 }, { ...shared, ...environment });
    others.push(made);
    return made;
  };
  await bot.start();
  await teams.install?.();
  const close = async (): Promise<void> => {
    await Promise.all([bot, ...others].map((one) => one.kill()));
    await teams?.close();
    await simulator.close();
    stopStore(dataDir);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  const freshChannel = (): string => {
    const channel = spare[given++];
    if (!channel) throw new Error(`All ${spare.length} channels are taken.`);
    return channel.id;
  };
  return { simulator, teams, bot, another, freshChannel, close };
}

const shiftClock = join(__dirname, 'shift-clock.js');

const withChannels = (more: readonly Channel[]): Tenant => {
  const { team } = playgroundTenant;
  return { ...playgroundTenant, team: { ...team, channels: [...team.channels, ...more] } };
};

function estateIn(dataDir: string, change: WorldOptions['estate']): string {
  const estate = parse(readFileSync('infra/estate.demo.yaml', 'utf8')) as EstateFile;
  for (const app of estate.apps) app.healthWithinMinutes = 0.05;
  change?.(estate);
  const file = join(dataDir, 'estate.yaml');
  writeFileSync(file, stringify(estate));
  return file;
}

function createBot(
  dataDir: string,
  ports: { bot: number },
  environment: Readonly<Record<string, string>>,
): Bot {
  let child: ChildProcess | undefined;
  let said = '';
  return {
    get url() {
      return `http://127.0.0.1:${ports.bot}`;
    },
    dataDir,
    log: () => said,
    pid: () => child?.pid ?? 0,
    kill: async () => {
      const dying = child;
      child = undefined;
      if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
      const gone = new Promise<void>((done) => dying.once('exit', () => done()));
      dying.kill('SIGKILL');
      await gone;
    },
    start: async () => {
      const starting = fork(join('dist', 'main.js'), {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, ...environment, PORT: String(ports.bot), DATA_DIR: dataDir },
      });
      child = starting;
      for (const stream of [starting.stdout, starting.stderr])
        stream?.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
      ports.bot = await new Promise<number>((up, failed) => {
        starting.once('message', (message: { readonly port: number }) => up(message.port));
        starting.once('exit', (code) =>
          failed(new Error(`The bot ended with ${code} before it was up:\n${said}`)),
        );
      });
    },
  };
}

/** The store outlives a killed bot on purpose; a test must not leave it behind. */
function stopStore(dataDir: string): void {
  try {
    const pid = Number(
      readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 'SIGINT');
  } catch {
    // It never started, or is gone already.
  }
}
