import { z } from 'zod/v4';
import { sqlServerRef, vaultRef } from '../refs';

const databaseName = z.string().min(1).max(128);

/** The changes that can be made to Azure SQL. */
export const sqlOperations = [
  /** Databases_CreateOrUpdate, `createMode: PointInTimeRestore`: a new database beside the source. */
  z.object({
    op: z.literal('sql.point-in-time-restore'),
    server: sqlServerRef,
    source: databaseName,
    target: databaseName,
    /** The restore point, UTC. */
    at: z.iso.datetime(),
    /** The service objective that the copy is given: the source's own, so that it can replace it. */
    tier: z.string(),
    location: z.string(),
  }),
  /** Databases_CreateOrUpdate, `createMode: Restore`: a deleted database, on the server it was on. */
  z.object({
    op: z.literal('sql.restore-dropped'),
    server: sqlServerRef,
    /** Azure's own name of the deleted database, `<name>,<deletion in ticks>`. */
    dropped: z.string().min(1).max(160),
    target: databaseName,
    /** The restore point, UTC; null for the moment of its deletion. */
    at: z.iso.datetime().nullable(),
    /** The service objective that it had; null where Azure does not say, and then gives its own. */
    tier: z.string().nullable(),
    location: z.string(),
  }),
  /** Databases_Rename (`POST …/move`). */
  z.object({
    op: z.literal('sql.rename'),
    server: sqlServerRef,
    from: databaseName,
    to: databaseName,
    /** The GUID (`properties.databaseId`) of the database that moves: tells on resume whether it has. */
    databaseId: z.string(),
  }),
  /** Databases_Delete. */
  z.object({
    op: z.literal('sql.delete'),
    server: sqlServerRef,
    database: databaseName,
    databaseId: z.string(),
  }),
  /** FailoverGroups_Update without the database. */
  z.object({
    op: z.literal('sql.leave-failover-group'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    database: databaseName,
  }),
  /** FailoverGroups_Update with the database; Azure seeds a new secondary from scratch. */
  z.object({
    op: z.literal('sql.join-failover-group'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    database: databaseName,
  }),
  /** ReplicationLinks_Delete: the secondary becomes a database of its own. */
  z.object({
    op: z.literal('sql.end-replication'),
    server: sqlServerRef,
    database: databaseName,
    partnerServer: z.string(),
  }),
  /** Databases_CreateOrUpdate on the partner, `createMode: Secondary`. */
  z.object({
    op: z.literal('sql.create-secondary'),
    server: sqlServerRef,
    database: databaseName,
    partner: sqlServerRef,
    partnerLocation: z.string(),
    tier: z.string(),
  }),
  /** FailoverGroups_Failover or …_ForceFailoverAllowDataLoss, asked of the secondary server, which leads afterwards. */
  z.object({
    op: z.literal('sql.fail-over-group'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    /** `planned`: both sides take part and nothing is lost. `forced`: at once, without what was not replicated yet. */
    how: z.enum(['planned', 'forced']),
  }),
  /** FailoverGroups_CreateOrUpdate: an empty group that only people fail over. */
  z.object({
    op: z.literal('sql.create-failover-group'),
    server: sqlServerRef,
    failoverGroup: z.string(),
    partner: sqlServerRef,
  }),
  /** A deployment of the server alone: Azure reads the administrator's password from the vault itself. */
  z.object({
    op: z.literal('sql.create-server'),
    server: sqlServerRef,
    location: z.string().min(1),
    administrator: z.string().min(1),
    password: z.object({ vault: vaultRef, secret: z.string().min(1) }),
    /** Written on the server as a tag, so that a resumed run knows it for its own. */
    run: z.string().min(1),
  }),
  /** Databases_CreateOrUpdate on another server, `createMode: Recovery`. */
  z.object({
    op: z.literal('sql.geo-restore'),
    /** Where the database comes to be. */
    server: sqlServerRef,
    target: databaseName,
    /** Whose geo-backup it is made from: the server may be out of reach. */
    from: sqlServerRef,
    source: databaseName,
    /** The service objective that the original had; null where nobody knows. */
    tier: z.string().nullable(),
    location: z.string().min(1),
  }),
] as const;
