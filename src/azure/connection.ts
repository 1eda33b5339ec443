import type { SecretClient } from '@azure/keyvault-secrets';
import type { Call, CallWords } from './call';
import type { Clients } from './clients';
import type { Raw } from './raw';

/** What every reading and operation is done with. */
export interface Connection {
  readonly clients: (subscriptionId: string) => Clients;
  /** The secrets of a vault, by the vault's name. */
  readonly secrets: (vault: string) => SecretClient;
  /** Azure Resource Manager, for what its SDKs have no call for. */
  readonly arm: Raw;
  /** Microsoft Graph v1.0. */
  readonly graph: Raw;
  readonly call: Call;
  /** For what may take a call and never answer, such as a server in a region that is gone: 10 s, then no more. */
  readonly callBriefly: Call;
  readonly now: () => Date;
  /** How far the newest log backup may lie behind now, in minutes. */
  readonly logBackupLagMinutes: number;
  /** How long to go on asking the activity log, which lags, for a request of ours, in milliseconds. */
  readonly activityLogPatienceMs: number;
  /** How long Azure may work on a reading that it answers later, such as a what-if, in milliseconds. */
  readonly longReadingMs: number;
  /** Told what could not be read and was left unknown. */
  readonly log: (line: string) => void;
}

/** A database in words: `database "AppRequestPortal" on sql-apprequest-prod-demo01`. */
export const databaseWords = (server: { readonly server: string }, name: string): string =>
  `database "${name}" on ${server.server}`;

/** The words for a call that only reads. */
export const reading = (resource: string): CallWords => ({ doing: 'Reading', resource });
