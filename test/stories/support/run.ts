import type { Entry, EventOf, EventType, Outcome } from '../../../src/incidents/event';
import type { Delivered } from '../../../src/simulator/teams/delivery';
import type { Message } from '../../../src/simulator/teams/store';
import { type Conversation, conversationIn, type Name } from '../../support/conversation';
import type { World } from '../../support/world';

/** An entry as the bot's export has it: its times are text. */
export type Told = Omit<Entry, 'happenedAt' | 'recordedAt'> & {
  readonly happenedAt: string;
  readonly recordedAt: string;
};

/** An entry about one type of event. */
type ToldOf<T extends EventType> = Told & { readonly event: EventOf<T> };

/** An incident thread in which a run was asked for, and everything that people see and the timeline keeps of it. */
export interface Run extends Conversation {
  readonly incident: string;
  readonly run: string;
  /** What `GET /incidents/:id` answers, as JSON. */
  readonly timeline: () => Promise<readonly Told[]>;
  /** The newest entry of this type, waiting for the `nth` of them (1 unless told), about `stage` where one is named. */
  readonly happens: <T extends EventType>(
    type: T,
    about?: { readonly stage?: string; readonly nth?: number },
  ) => Promise<ToldOf<T>>;
  /** The newest card of an open gate on which this person sees such a button: in the thread, or in their own chat. */
  readonly gateCard: (
    person: Name,
    stage: string,
    button: string,
    where?: 'thread' | 'chat',
  ) => Promise<Message>;
  /** Answers the open gate by pressing the button. */
  readonly answers: (
    person: Name,
    stage: string,
    button: string,
    inputs?: Readonly<Record<string, string>>,
  ) => Promise<Delivered>;
  /** Waits for the end of the run. */
  readonly over: () => Promise<Outcome>;
}

/** How soon to look again, in milliseconds: what takes long is looked for less often, since looking is work for the bot too. */
const [FIRST_LOOK_MS, LONGEST_LOOK_MS] = [40, 200];

const runsIn = new WeakMap<World, Run[]>();

/** Ends what a story that failed has left open, so that the next one can begin; for the end of every story. */
export async function endRuns(world: World): Promise<void> {
  world.simulator.clearFaults();
  world.simulator.setSpeed(6_000);
  for (const run of runsIn.get(world)?.splice(0) ?? []) {
    const isOver = async () =>
      (await run.timeline()).some(({ event, run: of }) => of === run.run && event.type === 'run.finished');
    for (let tries = 0; tries < 8 && !(await isOver()); tries++) {
      await run.say('Alex Wilber', '@dr abort');
      await new Promise((later) => setTimeout(later, 500));
    }
  }
}

/** The run that was asked for in a thread, once the bot has said its name. */
export async function runIn(world: World, thread: string, number = 1): Promise<Run> {
  const conversation = conversationIn(world, thread);
  const [, incident = ''] = /as (inc\d+)\./.exec(await conversation.hears(/follows .* as inc\d+\./s)) ?? [];
  return follow(world, conversation, incident, `${incident}-${number}`);
}

/** The first run of an incident that is handled in that thread. */
export const runOf = (world: World, thread: string, incident: string): Run =>
  follow(world, conversationIn(world, thread), incident, `${incident}-1`);

/** A person asks for a restore in a thread of their own and sends the form; gives the run that follows. */
export async function restores(
  world: World,
  options: {
    readonly text?: string;
    readonly inputs?: Readonly<Record<string, string>>;
    readonly by?: Name;
  } = {},
): Promise<Run> {
  const { text = '@dr restore db to 20 minutes ago', inputs = {}, by = 'Alex Wilber' } = options;
  const { thread } = await world.teams.say(by, text, { conversation: world.freshChannel() });
  const conversation = conversationIn(world, thread);
  await conversation.press(by, 'Show the plan', inputs);
  return runIn(world, thread);
}

/** A restore with a full swap, up to where its app is green and *Keep or swap back* is asked. */
export async function swapsIn(world: World, options: Parameters<typeof restores>[1] = {}): Promise<Run> {
  const run = await restores(world, options);
  await run.answers('Megan Bowen', 'begin', 'Approve');
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.happens('gate.opened', { stage: 'commit' });
  return run;
}

function follow(world: World, conversation: Conversation, incident: string, run: string): Run {
  const { teams, bot } = world;
  const timeline: Run['timeline'] = async () => {
    const answer = await fetch(`${bot.url}/incidents/${incident}`);
    if (!answer.ok) throw new Error(`GET /incidents/${incident} answered ${answer.status}.`);
    const { entries } = (await answer.json()) as { readonly entries: readonly Told[] };
    return entries;
  };
  const happens: Run['happens'] = async (type, { stage, nth = 1 } = {}) => {
    const isMeant = (entry: Told): entry is ToldOf<typeof type> =>
      entry.event.type === type &&
      (entry.run === run || entry.run === null) &&
      (stage === undefined || ('stage' in entry.event && entry.event.stage === stage));
    const until = Date.now() + 20_000;
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.2, LONGEST_LOOK_MS)) {
      const entries = await timeline();
      const found = entries.filter(isMeant).at(nth - 1);
      if (found) return found;
      if (Date.now() > until)
        throw new Error(
          `No ${type} ${stage ?? ''} in ${run}. The timeline:\n${entries.map((entry) => JSON.stringify(entry.event)).join('\n')}\n${bot.log().slice(-3_000)}`,
        );
      await new Promise((later) => setTimeout(later, pause));
    }
  };
  const cardsOf = (person: Name, where: 'thread' | 'chat' | undefined): readonly Message[] =>
    [
      ...(where === 'chat' ? [] : teams.thread(conversation.thread)),
      ...(where === 'thread' ? [] : teams.personal(person)),
    ].filter((message) => message.from.kind === 'bot' && message.card !== undefined);
  const gateCard: Run['gateCard'] = async (person, stage, button, where) => {
    const opened = await openGate(stage);
    return teams.waitFor(
      () =>
        cardsOf(person, where).findLast((message) => {
          const words = teams.words(person, message);
          return (
            titleOf(teams.buttons(person, message), button) !== undefined &&
            opened.every((part) => words.includes(part))
          );
        }),
      20_000,
    );
  };
  /** What stands on the card of the gate's newest round and on no other card. */
  async function openGate(stage: string): Promise<readonly string[]> {
    await happens('gate.opened', { stage });
    const events = (await timeline()).filter((entry) => entry.run === run).map(({ event }) => event);
    const opened = events.findLast((event) => event.type === 'gate.opened' && event.stage === stage);
    const asked = events.findLast((event) => event.type === 'plan.compiled');
    const gate = asked?.type === 'plan.compiled' && asked.plan.stages.find((one) => one.name === stage);
    if (opened?.type !== 'gate.opened' || !gate || gate.kind !== 'gate')
      throw new Error(`${run} has no gate "${stage}".`);
    const { planHash, round } = opened;
    return [gate.question, `Plan ${planHash.slice(0, 8)}, version ${round} · incident ${incident}`];
  }
  const self: Run = {
    ...conversation,
    incident,
    run,
    timeline,
    happens,
    gateCard,
    answers: async (person, stage, button, inputs = {}) => {
      const card = await gateCard(person, stage, button);
      return teams.press(person, card, titleOf(teams.buttons(person, card), button) ?? button, inputs);
    },
    over: async () => (await happens('run.finished')).event.outcome,
  };
  runsIn.set(world, [...(runsIn.get(world) ?? []), self]);
  return self;
}

/** "Swap back" means the button "Swap back: undo what was done". */
const titleOf = (titles: readonly string[], button: string): string | undefined =>
  titles.find((title) => title === button || title.startsWith(`${button}:`));
