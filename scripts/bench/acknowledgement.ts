import { asksForRestore } from '../../test/support/conversation';
import { startWorld } from '../../test/support/world';
import { inMs, percentile, type Table } from './measures';

const ACTIVITIES = 300;
const TEN_MINUTES = 600_000;

/**
 * How long Teams waits for the bot's answer to an activity while Azure takes ten minutes for everything: commands that
 * have to ask Azure, presses that are answered from the store, and both mixed from many people at once.
 */
export async function acknowledgement(): Promise<Table> {
  // One more approver than answers, so that the gate stays open however often Megan changes her mind.
  const world = await startWorld({
    estate: ({ apps }) => {
      for (const { gates } of apps)
        for (const { needs } of Object.values(gates)) for (const need of needs) need.count = 2;
    },
  });
  try {
    const conversation = await asksForRestore(world);
    const gate = await conversation.find('Megan Bowen', 'Approve');
    world.simulator.setLatency(TEN_MINUTES);
    const { teams } = world;
    const refresh = { verb: 'refresh', data: { card: cardIdOf(gate.card) } };
    const kinds = {
      'message: a command that asks Azure': (turn: number) =>
        teams.send({
          ...teams.blank('Alex Wilber', 'message'),
          id: `bench-${turn}`,
          text: 'restore db to 10 minutes ago',
        }),
      'message: @dr status': (turn: number) =>
        teams.send({ ...teams.blank('Alex Wilber', 'message'), id: `bench-s-${turn}`, text: 'status' }),
      'invoke: the view of an approver': () => teams.execute('Megan Bowen', gate, refresh),
    };
    const rows: string[][] = [];
    for (const [name, ask] of Object.entries(kinds))
      for (const concurrency of [1, 20]) {
        const took = await timesOf(ask, concurrency);
        rows.push(row(name, concurrency, took));
      }
    const changesHerMind = () => {
      const button = teams.buttons('Megan Bowen', gate).find((title) => /^(Approve|Withdraw)/.test(title));
      return teams.press('Megan Bowen', gate, button ?? 'Approve');
    };
    rows.push(row('invoke: a vote, then its withdrawal', 1, await timesOf(changesHerMind, 1)));
    return {
      title:
        'Acknowledgement of an activity while Azure takes 10 minutes (Teams wants it within 5-15 s, we within 500 ms)',
      rows: [['', 'at once', 'number', 'p50', 'p99', 'worst'], ...rows],
    };
  } finally {
    await world.close();
  }
}

const row = (name: string, concurrency: number, took: readonly number[]): string[] => [
  ...[name, String(concurrency), String(took.length)],
  ...[inMs(percentile(took, 0.5)), inMs(percentile(took, 0.99)), inMs(Math.max(...took))],
];

function cardIdOf(card: unknown): string {
  const id = /"dr:(gate:[^"@]*)/.exec(JSON.stringify(card))?.[1];
  if (!id) throw new Error('The card does not say which it is.');
  return id;
}

let turns = 0;

async function timesOf(
  ask: (turn: number) => Promise<{ readonly status: number }>,
  concurrency: number,
): Promise<readonly number[]> {
  const took: number[] = [];
  let left = ACTIVITIES;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      turns += 1;
      const begun = performance.now();
      const { status } = await ask(turns);
      if (status !== 200) throw new Error(`The bot answered ${status} instead of acknowledging.`);
      took.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return took;
}
