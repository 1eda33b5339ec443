import type { Actor, Entry, Event } from './event';

/** An incident's own row: what it is about and where it is handled. */
export interface IncidentRow {
  readonly incident: string;
  readonly conversation: string;
  readonly app: string;
  readonly openedAt: Date;
}

/** The same in the store. */
export interface Row {
  incident: string;
  conversation: string;
  app: string;
  opened_at: Date;
}

/** An entry in the store. */
export interface EntryRow {
  incident: string;
  seq: number;
  id: string;
  run: string | null;
  actor: Actor;
  happened_at: Date;
  recorded_at: Date;
  event: Event;
  hash: string;
}

/** An incident's row as the store has it. */
export const toIncident = (row: Row): IncidentRow => ({
  incident: row.incident,
  conversation: row.conversation,
  app: row.app,
  openedAt: row.opened_at,
});

/** An entry as the store has it. */
export const toEntry = (row: EntryRow): Entry => ({
  incident: row.incident,
  seq: row.seq,
  id: row.id,
  run: row.run,
  actor: row.actor,
  happenedAt: row.happened_at,
  recordedAt: row.recorded_at,
  event: row.event,
  hash: row.hash,
});
