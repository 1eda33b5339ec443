import { type Child, startChild } from '../child';
import { claim, claimed, type Pause, signalOf } from './strikes';
import type { TwoBotsInput } from './two-bots-child';

/** Two bots in processes of their own. */
export interface Pair {
  /** Strikes the bot that carries runs out, unless that was done since it took the right, or this strike has come. */
  readonly strike: (index: number) => void;
  readonly wake: (name: string) => void;
  /** How often one of them took the right to carry runs out. */
  readonly taken: () => number;
  /** Whether every bot that was woken has noticed that it was replaced. */
  readonly haveNoticed: () => boolean;
  /** How bots ended that nobody ended. */
  readonly wrong: () => readonly string[];
  readonly log: () => string;
  /** Tells both to end, and waits until they have. */
  readonly end: () => Promise<void>;
  /** Kills what is left. */
  readonly kill: () => Promise<void>;
}

interface Bot {
  readonly name: string;
  readonly child: Child;
  readonly over: Promise<void>;
  /** How many strikes had come when it took the right; -1 when it never did. */
  armedAt: number;
  /** How often it was woken more than it noticed. */
  unnoticed: number;
}

/** Starts two bots. One that is killed is started again, as a platform does, while there are strikes to come. */
export function startPair(
  input: Omit<TwoBotsInput, 'name'>,
  environment: Readonly<Record<string, string>>,
  onStands: (name: string, how: Pause) => void,
): Pair {
  const { folder, strikes } = input;
  const bots = new Map<string, Bot>();
  const wrong: string[] = [];
  let taken = 0;
  let acting: string | null = null;
  let ending = false;

  function start(name: string): void {
    const child = startChild('theatre/two-bots-child.ts', { ...input, name }, environment);
    const bot: Bot = {
      name,
      child,
      armedAt: -1,
      unnoticed: 0,
      over: Promise.resolve().then(() => hear(bot)),
    };
    bots.set(name, bot);
  }

  async function hear(bot: Bot): Promise<void> {
    const { name, child } = bot;
    for (let line = await child.line(); line !== null; line = await child.line()) {
      if (line === 'conducts') {
        taken += 1;
        acting = name;
        bot.armedAt = claimed(folder);
      }
      if (line === 'lost') bot.unnoticed = Math.max(0, bot.unnoticed - 1);
      if (line === 'pause' || line === 'long pause') onStands(name, line);
    }
    const end = await child.ended;
    if (acting === name) acting = null;
    if (ending ? end === 0 || end === 'SIGKILL' : end === 'SIGKILL') bots.delete(name);
    else wrong.push(`the ${name} bot ended with ${end}: ${child.complaints()}`);
    // When no strike is left, the other one must get on alone.
    if (!ending && end === 'SIGKILL' && claimed(folder) < strikes.length) start(name);
  }

  const signal = ({ child }: Bot, name: NodeJS.Signals): void => void process.kill(child.pid, name);
  start('first');
  start('second');
  return {
    strike: (index) => {
      const [strike, bot] = [strikes[index], bots.get(acting ?? '')];
      if (!strike || !bot || bot.armedAt !== claimed(folder) || !claim(folder, index)) return;
      signal(bot, signalOf(strike));
      if (strike.how !== 'kill') onStands(bot.name, strike.how);
    },
    wake: (name) => {
      const bot = bots.get(name);
      if (!bot) return;
      bot.unnoticed += 1;
      signal(bot, 'SIGCONT');
    },
    taken: () => taken,
    haveNoticed: () => [...bots.values()].every(({ unnoticed }) => unnoticed === 0),
    wrong: () => wrong,
    log: () => [...bots.values()].map(({ name, child }) => `${name}: ${child.complaints()}`).join('\n'),
    end: async () => {
      ending = true;
      const left = [...bots.values()];
      for (const bot of left) signal(bot, 'SIGTERM');
      await Promise.all(left.map(({ over }) => over));
    },
    kill: async () => {
      ending = true;
      await Promise.all([...bots.values()].map(({ child }) => child.kill()));
    },
  };
}
