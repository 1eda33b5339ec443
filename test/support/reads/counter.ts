import type { Azure } from '../../../src/azure/azure';
import { type Command, commandsOf } from '../../../src/chat/command-list';
import { readConfig } from '../../../src/config';
import { createDirectory } from '../../../src/engine/directory';
import { createReadiness } from '../../../src/readiness/readiness';
import { createRollCalls } from '../../../src/readiness/roll-calls';
import { look } from '../../../src/readiness/triage/probes/look';
import type { Fault } from '../../../src/simulator/faults';
import type { JournalEntry } from '../../../src/simulator/journal';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator';
import { startChatBot } from '../../chat/support/chat-bot';
import { azureAgainst } from '../azure-against';
import { temporaryStore } from '../temporary-store';
import { startOn } from '../theatre/theatre';

/** How long one call to Azure may take here, in milliseconds: longer than two of Azure's pauses. */
const DEADLINE_MS = 3_000;
/** How long Azure stalls, in milliseconds: longer than any single call may take, sign-in's own five seconds among them. */
export const STALL_MS = 5_500;
const PATIENCE_MS = 4_000;
/** What a triage may take here, in milliseconds: longer than in earnest, so that what passes has passed on a busy machine. */
const PROBE_MS = 12_000;
const WHO = 'Alex Wilber';

/** What somebody got who asked the bot for something that it has to read in Azure. */
export interface Answer {
  /** What can be read of it, line by line. */
  readonly lines: readonly string[];
  readonly buttons: readonly string[];
  readonly ms: number;
  /** What reached Azure meanwhile. */
  readonly journal: readonly JournalEntry[];
  /** Whether a fault that was put in its way was met. */
  readonly met: boolean;
}

/** A bot in Teams before a simulated Azure, of which things are asked, one after the other. */
export interface Counter {
  readonly simulator: Simulator;
  /** Everything that can be asked: each command by its name, and the record of names as a file. */
  readonly asks: readonly string[];
  /** Asks a bot that was just started, after a disaster or none, with a fault in place or none. */
  readonly ask: (what: string, disaster: string | null, fault?: Fault) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

const FILE = 'the file of the inventory';

/** Opens a counter. One at a time in a process, since the durable engine is one for each process. */
export async function openCounter(): Promise<Counter> {
  const [store, simulator] = await Promise.all([temporaryStore(), startSimulator({ speed: 60_000 })]);
  const { estate } = readConfig({ ESTATE_FILE: 'infra/estate.demo.yaml' });
  const now = () => new Date();
  const started = () => azureAgainst(simulator, { deadlineMs: DEADLINE_MS });
  let newest = started();
  const azure = new Proxy(newest, { get: (_, name: keyof Azure) => newest[name] });
  const engine = await startOn(store, azure, estate);
  const directory = createDirectory(estate, azure.directory, now);
  const rollCalls = createRollCalls(store.pool);
  const bot = await startChatBot(store.pool, {
    chat: {
      ...{ engine, estate, directory, rollCalls },
      readiness: createReadiness({
        ...{ azure, estate, engine, directory, rollCalls, now, patienceMs: PATIENCE_MS },
      }),
      look: (app) => look(app, { azure, now, probeMs: PROBE_MS }),
      formPatienceMs: 2 * PATIENCE_MS,
    },
  });

  async function said(command: string): Promise<Pick<Answer, 'lines' | 'buttons'>> {
    const { thread } = await bot.teams.say(WHO, `@dr ${command}`);
    await bot.quiet(30_000);
    const answers = bot.teams.thread(thread).filter(({ from }) => from.kind === 'bot');
    const cards = answers.map((message) => bot.teams.view(WHO, message));
    return {
      lines: [...answers.map(({ text }) => text), ...cards.flatMap(textsOf)].flatMap(linesOf),
      buttons: answers.flatMap((message) => bot.teams.buttons(WHO, message)),
    };
  }

  async function fetched(): Promise<Pick<Answer, 'lines' | 'buttons'>> {
    const answer = await fetch(`${bot.url}/inventory/${estate.apps[0]?.name}`);
    const html = await answer.text();
    return {
      lines: linesOf(html.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, '\n')),
      buttons: [],
    };
  }

  const ask: Counter['ask'] = async (what, disaster, fault) => {
    simulator.reset();
    if (disaster !== null) await simulator.disaster(disaster);
    newest = started();
    const from = simulator.journal().at(-1)?.seq ?? 0;
    if (fault) simulator.addFault(fault);
    const begun = performance.now();
    const answer = await (what === FILE ? fetched() : said(what));
    const ms = performance.now() - begun;
    const met = simulator.faults().some((one) => one.left < (one.fault.times ?? 1));
    simulator.clearFaults();
    return { ...answer, ms, met, journal: simulator.journal(from) };
  };

  return {
    ...{ simulator, ask },
    asks: [...commandsOf(engine.runbooks).map(({ name }: Command) => name), FILE],
    close: async () => {
      await bot.close();
      await engine.stop();
      await simulator.close();
      await store.close();
    },
  };
}

/** Every text on a card that a person can read, choices and what inputs hold among them. */
function textsOf(card: unknown): readonly string[] {
  if (Array.isArray(card)) return card.flatMap(textsOf);
  if (typeof card !== 'object' || card === null) return [];
  return Object.entries(card).flatMap(([key, value]: [string, unknown]) =>
    ['text', 'title', 'value', 'label'].includes(key) && typeof value === 'string' ? [value] : textsOf(value),
  );
}

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => steady(line.trim()))
    .filter((line) => line !== '');

/** A line without what differs from one minute to the next. */
const steady = (line: string): string =>
  line
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z| UTC)?/g, 'TIME')
    .replace(/\b\d{1,2}:\d\d(?::\d\d)?(?:Z| UTC)?/g, 'TIME')
    .replace(/\b\d+(?:\.\d+)? (?:s|min|h|seconds?|minutes?|hours?|days?)\b/g, 'SPAN');
