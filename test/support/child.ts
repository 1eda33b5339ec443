import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A process of its own that runs a TypeScript file of this folder. */
export interface Child {
  readonly pid: number;
  /** The next line that the child prints; null when it ended before it printed one. */
  readonly line: () => Promise<string | null>;
  readonly kill: () => Promise<void>;
  /** How the process ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** What it printed to stderr, to be shown when a test fails. */
  readonly complaints: () => string;
}

/** Starts `test/support/<file>` in a process of its own. */
export function startChild(
  file: string,
  input: object,
  environment: Readonly<Record<string, string>> = {},
): Child {
  const started = spawn(
    process.execPath,
    ['-r', join(__dirname, 'register-typescript.js'), join(__dirname, file), JSON.stringify(input)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  );
  const lines: string[] = [];
  let complaints = '';
  let rest = '';
  started.stdout.on('data', (chunk: Buffer) => {
    const parts = `${rest}${chunk.toString()}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    started.emit('line');
  });
  started.stderr.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk.toString()}`.slice(-8_000);
  });
  const ended = endOf(started);
  return {
    pid: started.pid ?? 0,
    line: async () => {
      while (lines.length === 0) {
        const over = await Promise.race([
          ended,
          new Promise<null>((next) => started.once('line', () => next(null))),
        ]);
        if (over !== null && lines.length === 0) return null;
      }
      return lines.shift() ?? null;
    },
    kill: async () => {
      started.kill('SIGKILL');
      await ended;
    },
    ended,
    complaints: () => complaints,
  };
}

const endOf = (child: ChildProcess): Promise<number | NodeJS.Signals> =>
  new Promise((done) => {
    child.once('close', (code, signal) => done(signal ?? code ?? 0));
  });
