import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** `npm start` in a process group of its own, as in a terminal. */
export interface Product {
  readonly requester: string;
  readonly approver: string;
  /** Milliseconds from the command to the words that it is ready. */
  readonly startedInMs: number;
  /** What the terminal shows. */
  readonly output: () => string;
  readonly says: (words: RegExp, ms?: number) => Promise<void>;
  /** The bot's process, which is not the one that was started. */
  readonly botPid: () => number;
  /** Presses Ctrl-C and waits until the terminal is free again. */
  readonly interrupt: () => Promise<void>;
  readonly npmPid: number;
  /** The process that simulates Azure and Teams and has started all others. */
  readonly startPid: () => number;
  /** Command lines of all processes that still work in the product's folder. */
  readonly left: () => readonly string[];
  /** Ends `npm start` and all it has started, at once and without a word. */
  readonly killAll: () => void;
  /** Ends whatever is left and removes the folder. */
  readonly remove: () => void;
}

/** Where a product works: its folder, and the environment that gives it ports of its own. */
export interface Place {
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A folder that is empty, and ports that are free. */
export async function freshPlace(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dr-bot-e2e-'));
  const names = [
    ...['PORT', 'TEAMS_PORT', 'SIMULATOR_PROXY_PORT', 'SIMULATOR_CONTROL_PORT'],
    ...['PLAYGROUND_PORT', 'PLAYGROUND_APPROVER_PORT'],
  ];
  const ports = await freePorts(names.length);
  const own = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
  return { dataDir, environment: { ...own, DATA_DIR: dataDir } };
}

/** Starts the product; it is ready when it says so. */
export async function startProduct(
  { dataDir, environment }: Place,
  more: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const begun = performance.now();
  const child = spawn('npm', ['start'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, ...more },
  });
  let shown = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
  const ended = new Promise<unknown>((done) => child.once('exit', done));
  const group = child.pid ?? 0;

  async function says(words: RegExp, ms = 30_000): Promise<void> {
    const until = Date.now() + ms;
    while (!words.test(shown)) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`npm start has not said ${words}. It said:\n${shown}`);
      await sleep(50);
    }
  }

  const pidOf = (program: RegExp) =>
    processesIn(dataDir).find(({ command }) => program.test(command))?.pid ?? 0;
  const killAll = (): void => {
    for (const { pid } of processesIn(dataDir)) process.kill(pid, 'SIGKILL');
  };

  await says(/dr-bot is ready[\s\S]*Ctrl-C/);
  const startedInMs = performance.now() - begun;
  const address = (of: RegExp) => of.exec(shown)?.[1] ?? '';
  return {
    requester: address(/who asks\s+(\S+)/),
    approver: address(/who approves\s+(\S+)/),
    startedInMs,
    output: () => shown,
    says,
    botPid: () => pidOf(/dist\/main\.js$/),
    npmPid: group,
    startPid: () => pidOf(/^\S*node .*(launch\.cjs start|dist\/start\.js)$/),
    interrupt: async () => {
      process.kill(-group, 'SIGINT');
      await ended;
    },
    left: () => processesIn(dataDir).map(({ command }) => command),
    killAll,
    remove: () => {
      killAll();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    },
  };
}

/** All processes that have a folder in their environment, command line or working directory (Linux). */
function processesIn(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const read = (file: string) =>
        readFileSync(join('/proc', pid, file), 'utf8')
          .replaceAll('\0', ' ')
          .trim();
      try {
        const command = read('cmdline');
        const where = [command, read('environ'), readlinkSync(join('/proc', pid, 'cwd'))];
        return where.some((text) => text.includes(folder)) ? [{ pid: Number(pid), command }] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((closed) => server.close(closed));
      return typeof address === 'object' && address ? address.port : 0;
    }),
  );
}

/** Debian's Chromium, or the one that CHROMIUM names. @throws when there is none. */
export function chromiumPath(): string {
  const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(path))
    throw new Error(
      `There is no Chromium at ${path}. Install it (Debian: apt-get install chromium), or set CHROMIUM.`,
    );
  return path;
}
