import type { TokenCredential } from '@azure/identity';
import type { Connection } from '../connection';
import type { SqlServerRef } from '../refs';
import { auditTrailWith, type Between, type ReadTrail } from './audit-trail';
import { type DatabaseChange, databaseChanges } from './database-changes';

/** What can be read about who did what. */
export interface AuditReadings {
  /** What people did to the app's rows, as the app tells it. */
  readonly trail: ReadTrail;
  /** What was asked of Azure about one database. */
  readonly changes: (
    server: SqlServerRef,
    database: string,
    between: Between,
  ) => Promise<readonly DatabaseChange[]>;
}

/** How it is read; the app may take `deadlineMs` to tell. */
export const auditReadings = (
  azure: Connection,
  credential: TokenCredential,
  deadlineMs: number,
): AuditReadings => ({
  trail: auditTrailWith(credential, deadlineMs),
  changes: (server, database, between) => databaseChanges(azure, server, database, between),
});
