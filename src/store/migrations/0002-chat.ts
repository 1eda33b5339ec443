/** What chat must not forget: who can be reached where, what came in, what is to be said, and what buttons mean. */
export const chatTables = {
  name: '0002-chat',
  sql: `
    create table conversation_references (
      conversation  text primary key,
      kind          text not null check (kind in ('personal', 'channel', 'group')),
      service_url   text not null,
      bot_id        text not null,
      bot_name      text not null,
      tenant        text,
      person        text,
      channel       text,
      team          text,
      team_group    text,
      seen_at       timestamptz not null
    );
    create index conversation_references_person on conversation_references (person) where kind = 'personal';

    -- The person's Entra object id, and what Teams calls them towards this bot.
    create table acquaintances (
      person    text primary key,
      mri       text not null,
      name      text not null,
      seen_at   timestamptz not null
    );

    create table inbox (
      id            bigserial primary key,
      conversation  text not null,
      activity      text not null,
      kind          text not null,
      body          jsonb not null,
      received_at   timestamptz not null,
      attempts      integer not null default 0,
      not_before    timestamptz,
      done_at       timestamptz,
      unique (conversation, activity)
    );
    create index inbox_open on inbox (id) where done_at is null;

    create table action_tokens (
      token       text primary key,
      action      jsonb not null,
      action_key  text not null,
      person      text not null,
      created_at  timestamptz not null,
      used_at     timestamptz,
      used_by     text
    );
    create unique index action_tokens_unused on action_tokens (action_key, person) where used_at is null;

    -- One row for each message that the bot wants in a conversation; redrawn while shown differs from version.
    create table outbox (
      id            text primary key,
      position      bigserial not null,
      conversation  text not null,
      urgency       text not null check (urgency in ('now', 'calm')),
      content       jsonb not null,
      version       text not null,
      state         text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'parked')),
      shown         text,
      landed        text,
      activity      text,
      attempts      integer not null default 0,
      doubts        integer not null default 0,
      not_before    timestamptz,
      begun_at      timestamptz,
      problem       text,
      created_at    timestamptz not null,
      changed_at    timestamptz not null
    );
    create index outbox_open on outbox (conversation, position)
      where state in ('waiting', 'sending') or (state = 'sent' and shown is distinct from version);

    create index outbox_activity on outbox (activity);

    -- When something was sent where, so that a restart cannot exceed Teams' limits.
    create table sends (
      conversation  text not null,
      at            timestamptz not null
    );
    create index sends_at on sends (at);

    -- How far the channel has been told about an incident.
    create table told (
      incident  text primary key,
      seq       integer not null default 0,
      over      boolean not null default false
    );

    create table export_links (
      token       text primary key,
      incident    text not null,
      expires_at  timestamptz not null
    );
  `,
};
