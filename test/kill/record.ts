import { changesIn } from '../support/changes';
import { markOf } from './boundary';
import type { Lane } from './lane';
import type { Played } from './play';

/** All that must be the same however often the bot was killed, with the names of the run left out. */
export interface Record {
  /** What was asked of Azure, request by request. */
  readonly changes: readonly string[];
  /** The timeline, entry by entry. */
  readonly entries: readonly string[];
  /** The numbers of the entries in the channel's thread, as they stand there from top to bottom. */
  readonly thread: readonly string[];
  /** The cards in the thread and in the approvers' chats. */
  readonly cards: readonly string[];
  /** Threads in the channel: one, in which everything is. */
  readonly threads: number;
}

/** Reads what a run has left behind in Azure, in the store and in Teams. */
export async function recordOf({ world, store }: Lane, { thread, incident }: Played): Promise<Record> {
  const { simulator, teams } = world;
  const { rows } = await store.query<{ id: string; type: string; seq: number; stage: string | null }>(
    `select id, type, seq, event ->> 'stage' as stage from timeline where incident = $1 order by seq`,
    [incident],
  );
  const said = teams.thread(thread).filter(({ from }) => from.kind === 'bot');
  const marks = ['Megan Bowen', 'Adele Vance'].flatMap((person) =>
    teams.personal(person).flatMap((message) => markOf(message) ?? []),
  );
  const general = (name: string) => name.replaceAll(`${incident}-1`, 'run').replace(/answer:\d+/, 'answer');
  return {
    changes: changesIn(simulator).map((change) => change.replace(/-(restored|old)-[^/]*/, '-$1')),
    entries: rows.map(({ id, type, seq, stage }) =>
      id.includes(':said:') ? `${seq} ${type} ${stage}` : `${seq} ${general(id)}`,
    ),
    thread: said.flatMap((message) => (message.card ? [] : [message.text.split(' ')[0] ?? ''])),
    cards: [
      ...said.flatMap((message) => (message.card ? [general(markOf(message) ?? 'unmarked')] : [])),
      ...marks.filter((mark) => mark.includes(`${incident}-1`)).map(general),
    ].sort(),
    threads: teams.threads(thread.split(';')[0]).length,
  };
}

/** What differs from an undisturbed run, in words; nothing when everything is as it must be. */
export function differences(found: Record, wanted: Record): readonly string[] {
  const parts = ['changes', 'entries', 'thread', 'cards'] as const;
  return [
    ...parts.flatMap((part) => difference(part, found[part], wanted[part])),
    ...(found.threads === 1 ? [] : [`threads: there are ${found.threads}`]),
  ];
}

function difference(part: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  const count = (list: readonly string[], one: string) => list.filter((other) => other === one).length;
  const wrong = [...new Set([...wanted, ...found])].flatMap((one) => {
    const [there, due] = [count(found, one), count(wanted, one)];
    return there === due ? [] : [`${part}: ${one} is there ${there} times instead of ${due}`];
  });
  if (wrong.length > 0 || found.join() === wanted.join()) return wrong;
  return [`${part}: not in order: ${found.join(' ')}`];
}
