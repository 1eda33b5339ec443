/** Links to the page where a value is entered: hashed, so that who reads the store cannot use one. */
export const valueLinkTables = {
  name: '0003-value-links',
  sql: `
    create table value_links (
      hash        text primary key,
      run         text not null,
      stage       text not null,
      person      text not null,
      person_name text not null,
      created_at  timestamptz not null,
      expires_at  timestamptz not null,
      used_at     timestamptz
    );
    create index value_links_step on value_links (run, stage);
  `,
};
