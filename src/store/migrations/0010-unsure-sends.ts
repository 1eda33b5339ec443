/** Since when it could not be found out whether a message arrived: the waiting has an end, over a restart too. */
export const unsureSends = {
  name: '0010-unsure-sends',
  sql: 'alter table outbox add column unsure_since timestamptz',
};
