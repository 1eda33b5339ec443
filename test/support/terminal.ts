import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Name } from './conversation';
import type { World } from './world';

/** `npm run play` in a process of its own, beside the bot of a world or in its place. */
export interface Terminal {
  /** What it has written so far. */
  readonly output: () => string;
  /** Waits until it has written something like this. */
  readonly says: (words: RegExp, ms?: number) => Promise<void>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** Starts the terminal's program as it is, in the world's Azure and on its store; this person enters the code. */
export const plays = (world: World, person: Somebody, ...args: readonly string[]): Terminal =>
  start(world, person, args, null);

/** The same with something piped in. */
export const playsWith = (
  world: World,
  person: Somebody,
  input: string,
  ...args: readonly string[]
): Terminal => start(world, person, args, input);

type Somebody = Name | 'Patti Fernandez';

function start(world: World, person: Somebody, args: readonly string[], piped: string | null): Terminal {
  const { simulator, bot } = world;
  const child = fork(join('dist', 'play.js'), [...args], {
    stdio: [piped === null ? 'ignore' : 'pipe', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...simulator.environment,
      ...{ SIGN_IN: 'code', TZ: 'UTC', DATA_DIR: bot.dataDir, ESTATE_FILE: join(bot.dataDir, 'estate.yaml') },
    },
  });
  child.stdin?.end(piped);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  child.on('message', (message: { readonly signIn?: string }) => {
    if (message.signIn !== undefined) simulator.signIn(message.signIn, person);
  });
  const ended = new Promise<number | NodeJS.Signals>((done) => {
    child.once('close', (code, signal) => done(signal ?? code ?? 0));
  });
  return {
    output: () => said,
    ended,
    signal: (signal) => child.kill(signal),
    says: async (words, ms = 20_000) => {
      for (const until = Date.now() + ms; !words.test(said); await sleep(20))
        if (child.exitCode !== null || Date.now() > until)
          throw new Error(`The terminal has not said ${words}. It said:\n${said}`);
    },
  };
}

/** The incident that a terminal says how to come back to. */
export const incidentIn = ({ output }: Terminal): string => {
  const [, incident] = /npm run play (inc\d+)/.exec(output()) ?? [];
  if (incident === undefined) throw new Error(`The terminal names no incident. It said:\n${output()}`);
  return incident;
};
