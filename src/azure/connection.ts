import type { Call, CallWords } from './call';
import type { Clients } from './clients';

/** What every reading and operation is done with. */
export interface Connection {
  readonly clients: (subscriptionId: string) => Clients;
  readonly call: Call;
  readonly now: () => Date;
  /** How far the newest log backup may lie behind now, in minutes. */
  readonly logBackupLagMinutes: number;
  /** How long to go on asking the activity log, which lags, for a request of ours, in milliseconds. */
  readonly activityLogPatienceMs: number;
  /** Told what could not be read and was left unknown. */
  readonly log: (line: string) => void;
}

/** A database in words: `database "AppRequestPortal" on sql-apprequest-prod-demo01`. */
export const databaseWords = (server: { readonly server: string }, name: string): string =>
  `database "${name}" on ${server.server}`;

/** The words for a call that only reads. */
export const reading = (resource: string): CallWords => ({ doing: 'Reading', resource });
