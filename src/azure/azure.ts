import type { AuditReadings } from './audit/readings';
import type { Check, Reading } from './check';
import type { DeploymentReadings } from './deployments/readings';
import type { DomainReadings } from './domain/readings';
import type { DirectoryReadings } from './graph/directory';
import type { EntraReadings } from './graph/handlers';
import type { InsightsReadings } from './insights/readings';
import type { Operation, OperationHandler, OperationOf } from './operation';
import type { PackageReadings } from './packages/packages';
import type { SqlServerRef, WebAppRef } from './refs';
import type { ResourceReadings } from './resources/readings';
import type { SqlReadings } from './sql/readings';
import type { StorageReadings } from './storage/readings';
import type { TrafficReadings } from './traffic/readings';
import type { VaultReadings } from './vault/readings';
import type { WebReadings } from './web/readings';

/** A database as Azure shows it now. Times are UTC; sizes are bytes. */
export interface Database {
  readonly name: string;
  readonly resourceId: string;
  /** The GUID that belongs to the data: it follows a rename, a restored copy gets a new one. */
  readonly databaseId: string;
  readonly status: string;
  readonly location: string;
  /** The service objective: `Basic`, `S0`, `GP_S_Gen5_2`, … */
  readonly tier: string;
  readonly elasticPoolId: string | null;
  readonly collation: string | null;
  readonly earliestRestore: Date | null;
  /** The newest moment that is sure to be in the backups: Azure publishes none, so now less the log-backup lag. */
  readonly latestRestore: Date;
  readonly retentionDays: number | null;
  readonly usedBytes: number | null;
  readonly maxBytes: number | null;
  readonly failoverGroup: FailoverGroupRef | null;
  readonly replication: readonly ReplicationLink[];
  readonly tags: { readonly [name: string]: string };
}

/** The failover group that a database belongs to. */
export interface FailoverGroupRef {
  readonly name: string;
  readonly role: 'Primary' | 'Secondary';
  readonly partners: readonly SqlServerRef[];
}

/** One geo-replication link, seen from the database it was asked of. */
export interface ReplicationLink {
  readonly role: string;
  readonly state: string;
  readonly partnerServer: string;
  readonly partnerDatabase: string;
  readonly partnerLocation: string;
  /** The partner's own address in Azure, or null when its server is not in this subscription. */
  readonly partner: SqlServerRef | null;
}

/** A lock that stands in the way of a change, on the resource or on anything above it. */
export interface Lock {
  readonly name: string;
  readonly level: 'ReadOnly' | 'CanNotDelete';
  readonly scope: string;
}

/** An app as Azure shows it now. */
export interface WebApp {
  readonly name: string;
  readonly resourceId: string;
  readonly state: string;
  readonly location: string;
  readonly hostNames: readonly string[];
  /** The object id of the app's own identity in Entra; null when it has none. */
  readonly principalId: string | null;
}

/** What the app's health endpoint said, or that it did not answer. */
export interface Health {
  readonly green: boolean;
  readonly status: number | null;
  readonly words: string;
}

/** Whether Azure Resource Manager answers, and whose tenant the subscription is in when it does. */
export interface Reachable {
  readonly ok: boolean;
  /** Whether nothing answered; otherwise Azure answered, and refused. */
  readonly silent: boolean;
  readonly words: string;
  readonly tenantId: string | null;
}

/**
 * What can be read from and done to Azure, in the words of disaster recovery. Every function throws
 * `AzureProblem` and nothing else.
 */
export interface Azure {
  /** Databases_ListByServer, without `master`. Names only, for choosing. */
  readonly databaseNames: (server: SqlServerRef) => Promise<readonly string[]>;
  /** Everything about one database, read side by side; null when it does not exist. */
  readonly database: (server: SqlServerRef, name: string) => Promise<Database | null>;
  readonly sql: SqlReadings;
  readonly audit: AuditReadings;
  /** ManagementLocks_ListByScope on the resource, its parents, its group and its subscription. */
  readonly locks: (resourceId: string) => Promise<readonly Lock[]>;
  readonly webApp: (app: WebAppRef) => Promise<WebApp | null>;
  readonly vault: VaultReadings;
  /** People and groups in Microsoft Entra ID. */
  readonly directory: DirectoryReadings;
  /**
   * Writes a value that a person has entered into the vault, for a run that waits for it. The only way in which a value
   * comes from outside: it is kept, logged and shown nowhere.
   */
  readonly enterSecret: (operation: OperationOf<'vault.set-secret'>, value: string) => Promise<void>;
  /** One GET on the app's health endpoint; never throws: not answering is an answer. */
  readonly health: (url: string) => Promise<Health>;
  readonly storage: StorageReadings;
  /** Traffic Manager. */
  readonly traffic: TrafficReadings;
  /** DNS records and the host names of apps. */
  readonly domain: DomainReadings;
  /** Entra applications. */
  readonly entra: EntraReadings;
  /** Whether Azure Resource Manager answers with our credentials at all. */
  readonly reachable: (subscriptionId: string) => Promise<Reachable>;
  readonly insights: InsightsReadings;
  readonly web: WebReadings;
  readonly packages: PackageReadings;
  readonly deployments: DeploymentReadings;
  readonly resources: ResourceReadings;
  /** How an operation is done. */
  readonly handler: <O extends Operation>(operation: O) => OperationHandler<O>;
  /** Makes one reading for a check. */
  readonly read: (check: Check) => Promise<Reading>;
}
