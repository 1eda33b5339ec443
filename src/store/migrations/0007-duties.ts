/** Who has a duty that one process at a time may have, and since when it was last heard of. */
export const dutyTables = {
  name: '0007-duties',
  sql: `
    create table duties (
      name        text primary key,
      epoch       bigint not null,
      backend     integer not null,
      renewed_at  timestamptz not null
    );
  `,
};
