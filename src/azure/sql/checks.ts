import { z } from 'zod/v4';
import type { Readers } from '../check';
import type { Connection } from '../connection';
import { sqlServerRef } from '../refs';
import { readDatabaseIs } from './database-is';
import { readFreshDatabase } from './fresh-database';
import { readGroupLedBy } from './group-led-by';
import { readRecoveredCopy } from './recovered-copy';
import { readCaughtUp } from './replication-caught-up';
import { readRestoredCopy } from './restored-copy';

/** What can be checked about Azure SQL. */
export const sqlChecks = [
  /** A restored copy is what was asked for, before it may replace production. */
  z.object({
    check: z.literal('sql.restored-copy'),
    server: sqlServerRef,
    database: z.string(),
    expected: z.object({
      /** Null where Azure does not say what the source had. */
      tier: z.string().nullable(),
      /** The restore point that was asked for, UTC. */
      restorePoint: z.iso.datetime(),
      /** Bytes that the source used when the plan was made; null where Azure did not say. */
      sourceBytes: z.number().nullable(),
      collation: z.string().nullable(),
    }),
  }),
  /** The database under this name is the one with this id, and online: what a swap must leave behind. */
  z.object({
    check: z.literal('sql.database-is'),
    server: sqlServerRef,
    database: z.string(),
    databaseId: z.string(),
  }),
  /** This server leads the failover group, with the database in it and online. */
  z.object({
    check: z.literal('sql.group-led-by'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    database: z.string(),
  }),
  /** Everything that was written has reached the geo-secondary. */
  z.object({
    check: z.literal('sql.replication-caught-up'),
    server: sqlServerRef,
    database: z.string(),
    partnerServer: z.string(),
  }),
  /** The database under this name has just been made, and nobody has written into it. */
  z.object({
    check: z.literal('sql.fresh-database'),
    server: sqlServerRef,
    database: z.string(),
    /** UTC. */
    madeAfter: z.iso.datetime(),
    /** What an empty database takes at most. */
    atMostBytes: z.number(),
  }),
  /** What came out of a geo-backup is online and has the service objective of the original. */
  z.object({
    check: z.literal('sql.recovered-copy'),
    server: sqlServerRef,
    database: z.string(),
    /** Null where nobody knows. */
    tier: z.string().nullable(),
  }),
] as const;

/** How each of them is read. */
export const sqlReaders = (azure: Connection): Readers<typeof sqlChecks> => ({
  'sql.restored-copy': (check) => readRestoredCopy(azure, check),
  'sql.database-is': (check) => readDatabaseIs(azure, check),
  'sql.group-led-by': (check) => readGroupLedBy(azure, check),
  'sql.replication-caught-up': (check) => readCaughtUp(azure, check),
  'sql.fresh-database': (check) => readFreshDatabase(azure, check),
  'sql.recovered-copy': (check) => readRecoveredCopy(azure, check),
});
