import type { Pool } from 'pg';
import type { Person } from '../engine/approval';

/** Somebody who was asked, and how long they took; null while they have not answered. */
interface RollCallAnswer {
  readonly id: string;
  readonly name: string;
  readonly afterMs: number | null;
}

/** A harmless vote that was asked of everybody who may have to approve: who answered, and how fast. */
export interface RollCall {
  readonly id: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
  readonly conversation: string;
  readonly people: readonly RollCallAnswer[];
}

/** What became of an answer. */
type Answered = 'counted' | 'counted before' | 'not asked' | 'no such roll-call';

/** Roll-calls in the store. They change no run and hold none up. */
export interface RollCalls {
  /** The same id makes one roll-call, however often. */
  readonly open: (call: {
    readonly id: string;
    readonly by: Person;
    readonly at: Date;
    readonly conversation: string;
    readonly people: readonly Person[];
  }) => Promise<void>;
  readonly answer: (id: string, person: string, at: Date) => Promise<Answered>;
  readonly find: (id: string) => Promise<RollCall | null>;
  /** The newest one; null when nobody was ever asked. */
  readonly last: () => Promise<RollCall | null>;
}

interface Row {
  id: string;
  asked_by: string;
  asked_name: string;
  asked_at: Date;
  conversation: string;
  people: readonly { readonly id: string; readonly name: string }[];
  answers: readonly { readonly person: string; readonly at: string }[];
}

const withAnswers = `
  select c.*, coalesce(
           (select jsonb_agg(jsonb_build_object('person', a.person, 'at', a.answered_at))
              from roll_call_answers a where a.roll_call = c.id), '[]') as answers
    from roll_calls c`;

/** The roll-calls of a store. */
export function createRollCalls(pool: Pool): RollCalls {
  const find: RollCalls['find'] = async (id) => {
    const { rows } = await pool.query<Row>(`${withAnswers} where c.id = $1`, [id]);
    return rows[0] ? toRollCall(rows[0]) : null;
  };
  return {
    find,
    open: async ({ id, by, at, conversation, people }) => {
      const asked = people.map((person) => ({ id: person.id.toLowerCase(), name: person.name }));
      await pool.query(
        `insert into roll_calls (id, asked_by, asked_name, asked_at, conversation, people)
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
        [id, by.id, by.name, at, conversation, JSON.stringify(asked)],
      );
    },
    answer: async (id, person, at) => {
      const call = await find(id);
      if (!call) return 'no such roll-call';
      if (!call.people.some((one) => one.id === person.toLowerCase())) return 'not asked';
      const { rowCount } = await pool.query(
        `insert into roll_call_answers (roll_call, person, answered_at) values ($1, $2, $3) on conflict do nothing`,
        [id, person.toLowerCase(), at],
      );
      return rowCount === 1 ? 'counted' : 'counted before';
    },
    last: async () => {
      const { rows } = await pool.query<Row>(`${withAnswers} order by c.asked_at desc limit 1`);
      return rows[0] ? toRollCall(rows[0]) : null;
    },
  };
}

const toRollCall = (row: Row): RollCall => ({
  id: row.id,
  by: { id: row.asked_by, name: row.asked_name },
  at: row.asked_at,
  conversation: row.conversation,
  people: row.people.map(({ id, name }) => {
    const answer = row.answers.find(({ person }) => person === id);
    return { id, name, afterMs: answer ? Date.parse(answer.at) - row.asked_at.getTime() : null };
  }),
});
