/**
 * Links know for whom they were made, and their keys are kept as hashes alone: who reads the store can open nothing.
 * Links of before are void; a new one is a command away.
 */
export const linkReaders = {
  name: '0008-link-readers',
  sql: `
    delete from export_links;
    alter table export_links add column person text not null, add column person_name text not null;
  `,
};
