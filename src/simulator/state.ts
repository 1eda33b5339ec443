import type { RoleAssignment } from './arm/role-assignments';
import type { ClockState } from './clock';
import type { Deployment, DeploymentEffect, PlainResource, WhatIfResult } from './deployments/deployment';
import type { Directory } from './graph/directory-state';
import type { Application } from './graph/state';
import type { JsonObject } from './json';
import type { NetworkState } from './network/state';
import type { StorageAccount, StorageEffect } from './storage/account';
import type { Vault } from './vault/state';

/** Everything the simulated Azure remembers: plain JSON, kept in `state.json`. Map keys are lower-cased names or ids. */
export interface State {
  readonly version: 2;
  readonly seed: SeedName;
  clock: ClockState;
  /** Feeds the deterministic ids. */
  idsGiven: number;
  readonly tenant: Tenant;
  readonly subscription: { readonly id: string; readonly displayName: string };
  readonly resourceGroups: Record<string, ResourceGroup>;
  readonly locks: Record<string, Lock>;
  readonly roleAssignments: Record<string, RoleAssignment>;
  readonly servers: Record<string, Server>;
  databases: Database[];
  droppedDatabases: DroppedDatabase[];
  replicationLinks: ReplicationLink[];
  failoverGroups: FailoverGroup[];
  readonly operations: Record<string, Operation>;
  readonly sites: Record<string, Site>;
  readonly vaults: Record<string, Vault>;
  /** App registrations by their appId. */
  readonly applications: Record<string, Application>;
  readonly storageAccounts: Record<string, StorageAccount>;
  readonly network: NetworkState;
  /** Region name to the time it went down. */
  readonly directory: Directory;
  readonly regionsDown: Record<string, string>;
  activityLog: ActivityEvent[];
  deployments: Deployment[];
  readonly whatIfs: Record<string, WhatIfResult>;
  /** What stands at the address of the demo's template, once somebody has published another version there. */
  template?: JsonObject;
  /** Plans, workspaces and the like, by their ids. */
  readonly plainResources: Record<string, PlainResource>;
}

export type SeedName = 'tier2' | 'tier3';

export interface Tenant {
  readonly id: string;
  readonly domain: string;
  readonly signingKey: string;
  readonly applications: readonly {
    readonly clientId: string;
    readonly objectId: string;
    readonly secret: string;
  }[];
}

export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly deleting?: true;
}

export interface Lock {
  readonly id: string;
  readonly scope: string;
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  readonly notes?: string;
}

export interface Server {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly administratorLogin: string;
  /** Absent where any password opens it: what the seed has made. */
  readonly administratorPassword?: string;
  /** Absent where every address is let in: what the seed has made. */
  readonly firewallRules?: readonly FirewallRule[];
  readonly tags: Readonly<Record<string, string>>;
}

interface FirewallRule {
  readonly name: string;
  readonly startIpAddress: string;
  readonly endIpAddress: string;
}

export type DatabaseStatus = 'Online' | 'Creating' | 'Restoring' | 'Copying';

export type BackupRedundancy = 'Geo' | 'Zone' | 'Local' | 'GeoZone';

/** A database. `databaseId` belongs to its data and follows it through a rename. */
export interface Database {
  name: string;
  readonly server: string;
  readonly databaseId: string;
  status: DatabaseStatus;
  readonly creationDate: string;
  /** The first moment that its own backups can restore; absent until it has come online. */
  firstBackupDate?: string;
  objective: string;
  maxSizeBytes: number;
  dataBytes: number;
  readonly collation: string;
  backupRedundancy: BackupRedundancy;
  retentionDays: number;
  diffBackupIntervalInHours: number;
  tags: Record<string, string>;
  history: readonly DataChange[];
  readonly system: boolean;
}

/** One change of the rows people care about: how many rows came (or, negative, went), when and by whom. */
export interface DataChange {
  readonly at: string;
  readonly table: 'requests';
  readonly rows: number;
  readonly by: string;
  readonly what: string;
  /** The schema that the app moved the database to with this change, if it did. */
  readonly schema?: number;
}

export interface DroppedDatabase {
  readonly database: Database;
  readonly deletionDate: string;
}

/** One geo-replication relationship, told once for both sides. */
export interface ReplicationLink {
  readonly id: string;
  readonly database: string;
  primary: string;
  secondary: string;
  readonly startTime: string;
  seeded: boolean;
}

export interface FailoverGroup {
  readonly name: string;
  primary: string;
  secondary: string;
  databases: string[];
  readWrite: { readonly policy: 'Manual' | 'Automatic'; readonly graceMinutes?: number };
  readOnlyPolicy: 'Disabled' | 'Enabled';
  tags: Record<string, string>;
}

/** What an operation does when it succeeds; data, so that it survives a restart of the simulator. */
export type Effect = SqlEffect | StorageEffect | DeploymentEffect;

/** What an operation of Azure SQL does. */
export type SqlEffect =
  | { readonly type: 'database.created'; readonly databaseId: string }
  | { readonly type: 'database.updated'; readonly databaseId: string; readonly change: DatabaseChange }
  | { readonly type: 'database.dropped'; readonly databaseId: string }
  | {
      readonly type: 'retention.updated';
      readonly databaseId: string;
      readonly days: number;
      readonly diffHours: number;
    }
  | { readonly type: 'link.removed'; readonly linkId: string }
  | { readonly type: 'link.failedOver'; readonly linkId: string; readonly forced: boolean }
  | { readonly type: 'group.set'; readonly group: FailoverGroup }
  | { readonly type: 'group.removed'; readonly group: string }
  | { readonly type: 'group.failedOver'; readonly group: string; readonly forced: boolean };

export interface DatabaseChange {
  readonly objective?: string;
  readonly maxSizeBytes?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly backupRedundancy?: BackupRedundancy;
}

/** What may be made to go wrong with a long-running operation. */
export type OperationFault =
  | { readonly fail: { readonly code: string; readonly message: string } }
  | { readonly stuck: true };

type OperationState = 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled';

/** One long-running operation; `startedAt` and `duration` are in milliseconds of Azure time. */
export interface Operation {
  readonly id: string;
  readonly collection: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly location: string;
  readonly databaseId?: string;
  readonly startTime: string;
  readonly startedAt: number;
  readonly duration: number;
  readonly effect: Effect;
  readonly cancellable: boolean;
  /** Path and api-version whose GET is the result that the Location URL gives at the end; null for a deletion. */
  readonly result: { readonly path: string; readonly apiVersion: string } | null;
  fault?: OperationFault;
  readonly event: ActivityEvent;
  state: OperationState;
  endTime?: string;
  error?: { readonly code: string; readonly message: string };
}

export interface ActivityEvent {
  readonly id: string;
  readonly time: string;
  readonly operationName: string;
  readonly status: 'Accepted' | 'Succeeded' | 'Failed';
  readonly resourceId: string;
  readonly resourceGroup: string;
  readonly caller: string;
  readonly correlationId: string;
  readonly operationId: string;
  readonly clientRequestId: string;
  readonly method: string;
  readonly uri: string;
  readonly subStatus: string;
}

/** An App Service. What the running process knows was fixed when it started: see `process`. */
export interface Site {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly plan: string;
  state: 'Running' | 'Stopped';
  settings: Record<string, string>;
  readonly slotSettingNames: readonly string[];
  /** The platform's cache of Key Vault references: setting name to what it resolved to. */
  references: Record<string, ResolvedReference>;
  process: SiteProcess | null;
  lastModified: string;
}

export interface ResolvedReference {
  readonly status: ReferenceStatus;
  readonly details: string;
  readonly value?: string;
}

/** Key Vault reference states of App Service (Microsoft.Web 2023-12-01, ApiKVReference.status). */
type ReferenceStatus =
  | 'Resolved'
  | 'InvalidSyntax'
  | 'VaultNotFound'
  | 'SecretNotFound'
  | 'SecretVersionNotFound'
  | 'AccessToKeyVaultDenied'
  | 'OtherReasons';

/** One life of the app's process, from start to restart. `warmAt` is in Azure milliseconds. */
export interface SiteProcess {
  readonly startedAt: string;
  readonly warmAt: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The database its connection pool is tied to; null until it first reached one. */
  pooledDatabaseId: string | null;
}
