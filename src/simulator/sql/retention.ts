import { startOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { SECOND } from '../clock';
import type { HostAnswer } from '../host';
import { numberAt } from '../json';
import type { Database } from '../state';
import { databaseId, databasePath, findDatabase } from './databases';
import { findServer, notFound } from './servers';
import { objectiveNamed } from './service-objectives';
import { refuseWhileBusy } from './update-database';

const apiVersions = ['2021-02-01-preview'];
const policies = `${databasePath}/backupShortTermRetentionPolicies`;

/** How long point-in-time backups are kept (Microsoft.Sql 2021-02-01-preview, BackupShortTermRetentionPolicies). */
export const retentionRoutes: readonly Route[] = [
  {
    operation: 'BackupShortTermRetentionPolicies_ListByDatabase',
    method: 'GET',
    path: policies,
    apiVersions,
    handler: (call) => ({ status: 200, body: { value: [view(call, findDatabase(call))] } }),
  },
  {
    operation: 'BackupShortTermRetentionPolicies_Get',
    method: 'GET',
    path: `${policies}/{policyName}`,
    apiVersions,
    handler: (call) => ({ status: 200, body: view(call, findPolicy(call)) }),
  },
  {
    operation: 'BackupShortTermRetentionPolicies_CreateOrUpdate',
    method: 'PUT',
    path: `${policies}/{policyName}`,
    apiVersions,
    handler: update,
  },
];

function findPolicy(call: Call): Database {
  const database = findDatabase(call);
  if (param(call, 'policyName').toLowerCase() !== 'default') {
    throw notFound(
      `Microsoft.Sql/servers/${database.server}/databases/${database.name}/backupShortTermRetentionPolicies/${param(call, 'policyName')}`,
      param(call, 'resourceGroupName'),
    );
  }
  return database;
}

function update(call: Call): HostAnswer {
  const database = findPolicy(call);
  refuseWhileBusy(call, database);
  const days = numberAt(call.request.body, 'properties', 'retentionDays') ?? database.retentionDays;
  const diffHours =
    numberAt(call.request.body, 'properties', 'diffBackupIntervalInHours') ??
    database.diffBackupIntervalInHours;
  const longest = objectiveNamed(database.objective).longestRetention;
  if (!Number.isInteger(days) || days < 1 || days > longest) {
    throw new AzureError(
      400,
      'InvalidBackupRetentionPeriod',
      `The retention days of ${days} is not a valid configuration. Valid backup retention in days must be between 1 and ${longest}`,
    );
  }
  if (diffHours !== 12 && diffHours !== 24) {
    throw new AzureError(
      400,
      'InvalidDiffBackupIntervalHours',
      `The differential backup interval hours of ${diffHours} is not a valid configuration. Valid differential backup interval must be 12 or 24 hours.`,
    );
  }
  return startOperation(call, {
    collection: 'backupShortTermRetentionPolicy',
    name: 'UpdateLogicalDatabaseBackupShortTermRetentionPolicy',
    friendlyName: 'ALTER DATABASE BACKUP RETENTION',
    server: findServer(call),
    databaseId: database.databaseId,
    duration: 15 * SECOND,
    effect: { type: 'retention.updated', databaseId: database.databaseId, days, diffHours },
    endsIn: 'resource',
  });
}

function view(call: Call, database: Database): unknown {
  return {
    properties: {
      retentionDays: database.retentionDays,
      diffBackupIntervalInHours: database.diffBackupIntervalInHours,
    },
    id: `${databaseId(call.world, findServer(call), database.name)}/backupShortTermRetentionPolicies/default`,
    name: 'default',
    type: 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies',
  };
}
