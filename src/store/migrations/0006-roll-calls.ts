/** Roll-calls: whom was asked for a harmless vote, and when each of them answered. Neither is ever changed. */
export const rollCallTables = {
  name: '0006-roll-calls',
  sql: `
    create table roll_calls (
      id            text primary key,
      asked_by      text not null,
      asked_name    text not null,
      asked_at      timestamptz not null,
      conversation  text not null,
      people        jsonb not null
    );

    create table roll_call_answers (
      roll_call    text not null references roll_calls,
      person       text not null,
      answered_at  timestamptz not null,
      primary key (roll_call, person)
    );

    create trigger roll_calls_append_only before update or delete on roll_calls
      for each row execute function refuse_change();
    create trigger roll_call_answers_append_only before update or delete on roll_call_answers
      for each row execute function refuse_change();
  `,
};
