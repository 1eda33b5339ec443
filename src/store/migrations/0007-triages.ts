/** What a triage saw and was told, so that its card can be drawn again and nothing on a card is believed. */
export const triageTables = {
  name: '0007-triages',
  sql: `
    create table triages (
      id            text primary key,
      app           text not null,
      conversation  text not null,
      asked_by      text not null,
      begun_at      timestamptz not null,
      -- How often it has looked; an answer about an older look counts for the newer one too.
      round         integer not null default 1,
      answers       jsonb not null default '{}',
      -- What the probes saw in the round that is told with it; null before the first look ends.
      findings      jsonb,
      looked_round  integer not null default 0
    );
  `,
};
