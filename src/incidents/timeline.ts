import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../store/in-transaction';
import { entriesReader, type ReadEntries } from './entries-reader';
import type { Draft, Entry } from './event';
import type { PostedSeal } from './posted-seal';
import { seal } from './seal';
import { storable } from './storable';
import { type EntryRow, type IncidentRow, type Row, toEntry, toIncident } from './timeline-rows';

export type { IncidentRow } from './timeline-rows';

/** The append-only record of all incidents. */
export interface Timeline {
  /**
   * Adds entries in order, each once: a draft whose id the incident has already is left out. Returns what was
   * really added. Side by side writers wait for one another, so that `seq` has no hole and the seal one order.
   */
  readonly append: (incident: string, drafts: readonly Draft[]) => Promise<readonly Entry[]>;
  /**
   * Adds what `draftsFor` makes of the entries so far, with no other writer in between: for what may be written only
   * while something still holds.
   */
  readonly appendAfter: (
    incident: string,
    draftsFor: (entries: readonly Entry[]) => readonly Draft[],
  ) => Promise<readonly Entry[]>;
  readonly entries: (incident: string) => Promise<readonly Entry[]>;
  /** The entries and the head that the incident's own row keeps of them, both as they are at one moment. */
  readonly whole: (
    incident: string,
  ) => Promise<{ readonly entries: readonly Entry[]; readonly head: PostedSeal }>;
  readonly incident: (incident: string) => Promise<IncidentRow | null>;
  readonly incidentOfRun: (run: string) => Promise<string | null>;
  /** How many entries each incident has. */
  readonly lengths: () => Promise<ReadonlyMap<string, number>>;
  /** Every run that is not over, oldest first, of whatever incident. */
  readonly unfinishedRuns: () => Promise<readonly { readonly incident: string; readonly run: string }[]>;
  /** Says where an incident is handled from now on: what was begun elsewhere gets a thread. */
  readonly moveTo: (incident: string, conversation: string) => Promise<void>;
  /** The run that a request made when it came the first time; null when it never came. */
  readonly runOfRequest: (id: string) => Promise<string | null>;
  /** Newest first. */
  readonly incidents: (which: 'open' | 'all') => Promise<readonly IncidentRow[]>;
  /**
   * Opens an incident (or joins the last one of the same conversation and app) and adds a run to it. The same
   * request id gives the same run again and writes nothing. While another run of the app is unfinished, its name
   * comes back as `busy` and nothing is written: two runs must not change the same app at once.
   */
  readonly openRun: (request: {
    readonly id: string;
    readonly conversation: string;
    readonly app: string;
    readonly at: Date;
    readonly first: (opening: Opening) => readonly Draft[];
  }) => Promise<OpenedRun | { readonly busy: string }>;
}

/** A run that is about to begin, and what was before it; no other run of the app can begin meanwhile. */
export interface Opening {
  readonly incident: string;
  readonly run: string;
  /** The entries of the incident that it joins; none in an incident of its own. */
  readonly entries: readonly Entry[];
  /** The run of the app before this one, in whatever incident, with that incident's entries. */
  readonly previous: { readonly run: string; readonly entries: readonly Entry[] } | null;
}

/** A run, and whether this request made it. */
interface OpenedRun {
  readonly incident: string;
  readonly run: string;
  readonly isNew: boolean;
}

/** The channel on which every append is announced to this and other processes: the incident is the payload. */
export const TIMELINE_CHANNEL = 'dr_timeline';

/** The timeline on PostgreSQL. `now` stamps when an entry was recorded. */
export function createTimeline(pool: Pool, now: () => Date): Timeline {
  const entriesOf = entriesReader();
  return {
    append: (incident, drafts) =>
      inTransaction(pool, (client) => append(client, incident, () => drafts, now)),
    appendAfter: (incident, draftsFor) =>
      inTransaction(pool, (client) =>
        append(client, incident, async () => draftsFor(await entriesOf(client, incident)), now),
      ),
    entries: (incident) => entriesOf(pool, incident),
    whole: (incident) => wholeOf(pool, incident),
    incident: async (incident) => {
      const { rows } = await pool.query<Row>('select * from incidents where incident = $1', [incident]);
      return rows[0] ? toIncident(rows[0]) : null;
    },
    incidentOfRun: async (run) => {
      const { rows } = await pool.query<{ incident: string }>('select incident from runs where run = $1', [
        run,
      ]);
      return rows[0]?.incident ?? null;
    },
    lengths: async () => {
      const { rows } = await pool.query<{ incident: string; head_seq: number }>(
        'select incident, head_seq from incidents',
      );
      return new Map(rows.map(({ incident, head_seq }) => [incident, head_seq]));
    },
    unfinishedRuns: async () => {
      const { rows } = await pool.query<{ incident: string; run: string }>(
        'select r.incident, r.run from runs r join incidents i using (incident) where not r.finished order by i.opened_at',
      );
      return rows;
    },
    moveTo: async (incident, conversation) => {
      await pool.query('update incidents set conversation = $2 where incident = $1', [
        incident,
        conversation,
      ]);
    },
    runOfRequest: async (id) => {
      const { rows } = await pool.query<{ run: string }>('select run from requests where id = $1', [id]);
      return rows[0]?.run ?? null;
    },
    incidents: async (which) => {
      const open = 'where exists (select from runs r where r.incident = i.incident and not r.finished)';
      const { rows } = await pool.query<Row>(
        `select i.* from incidents i ${which === 'open' ? open : ''} order by opened_at desc limit 200`,
      );
      return rows.map(toIncident);
    },
    openRun: (request) => inTransaction(pool, (client) => openRun(client, request, entriesOf, now)),
  };
}

/** One statement, so that no entry can come between the two. */
async function wholeOf(pool: Pool, incident: string): ReturnType<Timeline['whole']> {
  const { rows } = await pool.query<EntryRow & { head_seq: number; head_hash: string; seq: number | null }>(
    `select t.*, i.head_seq, i.head_hash from incidents i left join timeline t using (incident)
      where i.incident = $1 order by t.seq`,
    [incident],
  );
  const [first] = rows;
  return {
    entries: rows.filter(({ seq }) => seq !== null).map(toEntry),
    head: { seq: first?.head_seq ?? 0, hash: first?.head_hash ?? '' },
  };
}

async function append(
  client: PoolClient,
  incident: string,
  draftsFor: () => readonly Draft[] | Promise<readonly Draft[]>,
  now: () => Date,
): Promise<readonly Entry[]> {
  const head = await client.query<{ head_seq: number; head_hash: string }>(
    'select head_seq, head_hash from incidents where incident = $1 for update',
    [incident],
  );
  if (!head.rows[0]) throw new Error(`There is no incident ${incident}.`);
  const drafts = (await draftsFor()).map(storable);
  const known = await client.query<{ id: string }>(
    'select id from timeline where incident = $1 and id = any($2)',
    [incident, drafts.map((draft) => draft.id)],
  );
  const seen = new Set(known.rows.map((row) => row.id));
  let { head_seq: seq, head_hash: hash } = head.rows[0];
  const added: Entry[] = [];
  for (const draft of drafts) {
    if (seen.has(draft.id)) continue;
    seen.add(draft.id);
    seq += 1;
    const unsealed = { ...draft, incident, seq, recordedAt: now() };
    const entry: Entry = { ...unsealed, hash: seal(hash, unsealed) };
    hash = entry.hash;
    await insert(client, entry);
    added.push(entry);
  }
  if (added.length === 0) return added;
  await client.query('update incidents set head_seq = $2, head_hash = $3 where incident = $1', [
    incident,
    seq,
    hash,
  ]);
  for (const entry of added.filter((one) => one.event.type === 'run.finished'))
    await client.query('update runs set finished = true where run = $1', [entry.run]);
  await client.query('select pg_notify($1, $2)', [TIMELINE_CHANNEL, incident]);
  return added;
}

const insert = (client: PoolClient, entry: Entry) =>
  client.query(
    `insert into timeline (incident, seq, id, run, type, actor, happened_at, recorded_at, event, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[entry.incident, entry.seq, entry.id, entry.run, entry.event.type, JSON.stringify(entry.actor)],
      ...[entry.happenedAt, entry.recordedAt, JSON.stringify(entry.event), entry.hash],
    ],
  );

async function openRun(
  client: PoolClient,
  request: Parameters<Timeline['openRun']>[0],
  entriesOf: ReadEntries,
  now: () => Date,
): ReturnType<Timeline['openRun']> {
  await client.query('select pg_advisory_xact_lock(hashtext($1))', [`request:${request.app}`]);
  const before = await client.query<{ incident: string; run: string }>(
    'select * from requests where id = $1',
    [request.id],
  );
  if (before.rows[0]) return { incident: before.rows[0].incident, run: before.rows[0].run, isNew: false };
  const busy = await client.query<{ run: string }>(
    'select r.run from runs r join incidents i using (incident) where i.app = $1 and not r.finished limit 1',
    [request.app],
  );
  if (busy.rows[0]) return { busy: busy.rows[0].run };
  const same = await client.query<{ incident: string }>(
    'select incident from incidents where conversation = $1 and app = $2 order by opened_at desc limit 1',
    [request.conversation, request.app],
  );
  const incident = same.rows[0]?.incident ?? (await newIncident(client, request));
  const { rows } = await client.query<{ runs: number }>(
    'update incidents set runs = runs + 1 where incident = $1 returning runs',
    [incident],
  );
  const run = `${incident}-${rows[0]?.runs ?? 1}`;
  await client.query('insert into runs (run, incident) values ($1, $2)', [run, incident]);
  await client.query('insert into requests (id, incident, run) values ($1, $2, $3)', [
    request.id,
    incident,
    run,
  ]);
  const drafts = async () =>
    request.first({
      ...{ incident, run, entries: await entriesOf(client, incident) },
      previous: await newestRun(client, request.app, entriesOf),
    });
  await append(client, incident, drafts, now);
  return { incident, run, isNew: true };
}

async function newestRun(
  client: PoolClient,
  app: string,
  entriesOf: ReadEntries,
): Promise<Opening['previous']> {
  const { rows } = await client.query<{ incident: string; run: string }>(
    `select t.incident, t.run from timeline t join incidents i using (incident)
     where i.app = $1 and t.type = 'run.requested' order by t.recorded_at desc, t.seq desc limit 1`,
    [app],
  );
  const [found] = rows;
  return found ? { run: found.run, entries: await entriesOf(client, found.incident) } : null;
}

async function newIncident(client: PoolClient, request: Parameters<Timeline['openRun']>[0]): Promise<string> {
  const { rows } = await client.query<{ number: string }>(`select nextval('incident_number') as number`);
  const incident = `inc${rows[0]?.number}`;
  await client.query(
    'insert into incidents (incident, conversation, app, opened_at) values ($1, $2, $3, $4)',
    [...[incident, request.conversation, request.app, request.at]],
  );
  return incident;
}
