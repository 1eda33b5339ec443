import type { Pool } from 'pg';
import type { Answer, Answers, Question } from './answers';
import type { Findings } from './finding';

/** A triage as it stands in the store. */
export interface KeptTriage {
  readonly id: string;
  readonly app: string;
  readonly conversation: string;
  /** The name of the person who asked for it. */
  readonly askedBy: string;
  readonly begunAt: Date;
  /** 1 for the first look; "Look again" makes the next. */
  readonly round: number;
  readonly answers: Answers;
  /** Null until the first look has ended. */
  readonly findings: Findings | null;
  /** Whether a look is under way: the findings, if there are any, are those of the look before. */
  readonly looking: boolean;
}

/** Triages in the store. Each of these can be done again without doing it twice. */
export interface KeptTriages {
  readonly begin: (
    triage: Pick<KeptTriage, 'id' | 'app' | 'conversation' | 'askedBy' | 'begunAt' | 'answers'>,
  ) => Promise<KeptTriage>;
  readonly find: (id: string) => Promise<KeptTriage | null>;
  /** Keeps what a look saw; one that a later look has overtaken is not kept. */
  readonly saw: (id: string, round: number, findings: Findings) => Promise<KeptTriage | null>;
  /** Keeps an answer; null takes the answer back. */
  readonly told: (id: string, question: Question, answer: Answer | null) => Promise<KeptTriage | null>;
  /** The newest triage of an app in a conversation; null when there is none. */
  readonly newest: (conversation: string, app: string) => Promise<KeptTriage | null>;
  /** Asks for the look after this round; the same button pressed twice asks once. */
  readonly again: (id: string, round: number) => Promise<KeptTriage | null>;
}

interface Row {
  readonly id: string;
  readonly app: string;
  readonly conversation: string;
  readonly asked_by: string;
  readonly begun_at: Date;
  readonly round: number;
  readonly answers: Answers;
  readonly findings: Findings | null;
  readonly looked_round: number;
}

/** Triages on PostgreSQL. */
export function createKeptTriages(pool: Pool): KeptTriages {
  const find = async (id: string): Promise<KeptTriage | null> => {
    const { rows } = await pool.query<Row>('select * from triages where id = $1', [id]);
    return rows[0] ? toTriage(rows[0]) : null;
  };
  const changed = async (id: string, sql: string, values: readonly unknown[]): Promise<KeptTriage | null> => {
    await pool.query(sql, [id, ...values]);
    return find(id);
  };
  return {
    find,
    newest: async (conversation, app) => {
      const { rows } = await pool.query<Row>(
        'select * from triages where conversation = $1 and app = $2 order by begun_at desc limit 1',
        [conversation, app],
      );
      return rows[0] ? toTriage(rows[0]) : null;
    },
    begin: async ({ id, app, conversation, askedBy, begunAt, answers }) => {
      const kept = await changed(
        id,
        `insert into triages (id, app, conversation, asked_by, begun_at, answers) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do nothing`,
        [app, conversation, askedBy, begunAt, JSON.stringify(answers)],
      );
      if (!kept) throw new Error(`The triage ${id} was not kept.`);
      return kept;
    },
    saw: (id, round, findings) =>
      changed(
        id,
        'update triages set findings = $3, looked_round = $2 where id = $1 and round = $2 and looked_round < $2',
        [round, JSON.stringify(findings)],
      ),
    told: (id, question, answer) =>
      answer === null
        ? changed(id, 'update triages set answers = answers - $2::text where id = $1', [question])
        : changed(
            id,
            'update triages set answers = answers || jsonb_build_object($2::text, $3::jsonb) where id = $1',
            [question, JSON.stringify(answer)],
          ),
    again: (id, round) =>
      changed(id, 'update triages set round = round + 1 where id = $1 and round = $2 and looked_round = $2', [
        round,
      ]),
  };
}

const toTriage = (row: Row): KeptTriage => ({
  ...{ id: row.id, app: row.app, conversation: row.conversation, askedBy: row.asked_by },
  ...{ begunAt: row.begun_at, round: row.round, answers: row.answers, findings: row.findings },
  looking: row.looked_round < row.round,
});
