/** Incidents and their append-only timeline. The database itself refuses to change or delete an entry. */
export const timelineTables = {
  name: '0001-timeline',
  sql: `
    create sequence incident_number;

    create table incidents (
      incident      text primary key,
      conversation  text not null,
      app           text not null,
      opened_at     timestamptz not null,
      head_seq      integer not null default 0,
      head_hash     text not null default '',
      runs          integer not null default 0
    );
    create index incidents_conversation on incidents (conversation);

    -- A request that is sent again finds here what it made the first time.
    create table requests (
      id        text primary key,
      incident  text not null references incidents,
      run       text not null
    );

    create table runs (
      run       text primary key,
      incident  text not null references incidents,
      finished  boolean not null default false
    );
    create index runs_incident on runs (incident);

    create table timeline (
      incident     text not null references incidents,
      seq          integer not null,
      id           text not null,
      run          text,
      type         text not null,
      actor        jsonb not null,
      happened_at  timestamptz not null,
      recorded_at  timestamptz not null,
      event        jsonb not null,
      hash         text not null,
      primary key (incident, seq),
      unique (incident, id)
    );

    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'The timeline is append-only: % is refused.', tg_op using errcode = 'insufficient_privilege';
    end $$;
    create trigger timeline_append_only before update or delete on timeline
      for each row execute function refuse_change();
    create trigger timeline_no_truncate before truncate on timeline
      for each statement execute function refuse_change();

    create view votes as
      select incident, run, seq, happened_at, actor ->> 'id' as voter, actor ->> 'name' as name,
             type = 'vote.withdrawn' as withdrawn, event ->> 'stage' as stage,
             (event ->> 'round')::integer as round, event ->> 'choice' as choice,
             event ->> 'reason' as reason, event ->> 'planHash' as plan_hash
        from timeline
       where type in ('vote.cast', 'vote.withdrawn');
  `,
};
