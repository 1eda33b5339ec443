import type { Route } from '../arm/route';
import { databaseId, databasePath, findDatabase } from './databases';
import { findServer } from './servers';

/** How much of its space a database uses (Microsoft.Sql 2021-02-01-preview, DatabaseUsages_ListByDatabase, as @azure/arm-sql asks). */
export const usageRoutes: readonly Route[] = [
  {
    operation: 'DatabaseUsages_ListByDatabase',
    method: 'GET',
    path: `${databasePath}/usages`,
    apiVersions: ['2021-02-01-preview'],
    handler: (call) => {
      const database = findDatabase(call);
      const base = `${databaseId(call.world, findServer(call), database.name)}/usages`;
      const usage = (name: string, displayName: string, currentValue: number) => ({
        properties: { displayName, currentValue, limit: database.maxSizeBytes, unit: 'Bytes' },
        id: `${base}/${name}`,
        name,
        type: 'Microsoft.Sql/servers/databases/usages',
      });
      const value = [
        usage('database_size', 'Database Size', database.dataBytes),
        usage('database_allocated_size', 'Database Allocated Size', Math.ceil(database.dataBytes * 1.1)),
      ];
      return { status: 200, body: { value } };
    },
  },
];
