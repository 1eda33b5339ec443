import type { Clients } from '../../../src/azure/clients';
import type { Simulator } from '../../../src/simulator/simulator';
import { production, server } from '../demo-estate';
import { createGroup, createServer, drServer } from '../demo-region';
import { byHand, failoverGroup, second } from '../tier3-estate';
import { type Drift, impossible, lockOn } from './drift';

const { resourceGroup, server: name } = server;
const leftOver = 'AppRequestPortal-old-20260214-1000-inc1-1';
const swap = 'restore-database: deleted rows, full swap';
const deleted = 'restore-database: a deleted database';
const remove = 'remove-database: a database that a restore left behind';
const reprotect =
  'reprotect-region: a database that fell out of its failover group, and another one in its place';
/** The SDK's own pause between two polls is two seconds. */
const quickly = { updateIntervalInMs: 20 };
const aGuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
const site = `${resourceGroup}/providers/Microsoft.Web/sites/apprequest-prod-demo01`;
const onServer = `${resourceGroup}/providers/Microsoft.Sql/servers/${name}`;

const scaled =
  (to: string) =>
  (_simulator: Simulator, { sql }: Clients) =>
    sql.databases.beginUpdateAndWait(resourceGroup, name, production, { sku: { name: to } });

const replicated = (database: string) => (simulator: Simulator) =>
  byHand(simulator, [
    createGroup,
    createServer,
    {
      ...{ op: 'sql.create-secondary', server, database, partner: drServer },
      ...{ partnerLocation: 'westus2', tier: 'S0' },
    },
  ]);

/** A database is deleted, and another one is made under its name. */
const replaced =
  (database: string) =>
  async (_simulator: Simulator, { sql }: Clients): Promise<void> => {
    await sql.databases.beginDeleteAndWait(resourceGroup, name, database, quickly);
    await sql.databases.beginCreateOrUpdateAndWait(
      resourceGroup,
      name,
      database,
      {
        ...{ location: 'eastus', sku: { name: 'S0' } },
      },
      quickly,
    );
  };

/** What can change about databases between an approval and the change that it permits. */
export const driftsOfDatabases: readonly Drift[] = [
  {
    ...{ what: 'the database is scaled up', during: swap },
    ...{ happens: scaled('S1'), field: 'tier', was: 'S0', is: 'S1' },
  },
  {
    ...{ what: 'the backups of the database are kept for another time', during: swap },
    happens: (_simulator, { sql }) =>
      sql.backupShortTermRetentionPolicies.beginCreateOrUpdateAndWait(
        ...([resourceGroup, name, production, 'default', { retentionDays: 14 }, quickly] as const),
      ),
    ...{ field: 'restorable window', was: '7 days', is: '14 days' },
  },
  {
    ...{ what: 'the database is locked', during: swap },
    ...{ happens: lockOn(`${onServer}/databases/${production}`), field: 'locks' },
    ...{ was: [], is: ['audit (CanNotDelete)'] },
  },
  {
    ...{ what: 'the app that would be restarted is locked', during: swap },
    ...{ happens: lockOn(site, 'ReadOnly'), ...impossible },
    is: expect.stringContaining('forbids restarting apprequest-prod-demo01'),
  },
  {
    ...{ what: 'the database is replicated', during: 'restore-database: deleted rows, beside production' },
    happens: replicated(production),
    ...{ field: 'replicated to', was: [], is: [drServer.server] },
  },
  {
    ...{ what: 'the database is another one under the same name', during: swap },
    ...{ happens: replaced(production), ...impossible, is: expect.stringContaining('and no further') },
  },
  {
    ...{
      what: 'the database leaves its failover group',
      during: 'restore-database: deleted rows in a failover group',
    },
    happens: (simulator) =>
      byHand(simulator, [{ op: 'sql.leave-failover-group', server, failoverGroup, database: production }]),
    ...{ field: 'failover group', was: failoverGroup, is: 'none' },
  },
  {
    ...{ what: 'the server of the deleted database is locked', during: deleted },
    ...{ happens: lockOn(onServer), field: 'locks', was: [], is: ['audit (CanNotDelete)'] },
  },
  {
    ...{ what: 'the app that would be restarted on it is locked', during: deleted },
    ...{ happens: lockOn(site, 'ReadOnly'), ...impossible },
    is: expect.stringContaining('forbids restarting apprequest-prod-demo01'),
  },
  {
    ...{ what: 'somebody makes a database under the name of the deleted one', during: deleted },
    happens: (_simulator, { sql }) =>
      sql.databases.beginCreateOrUpdateAndWait(resourceGroup, name, production, {
        ...{ location: 'eastus', sku: { name: 'S0' } },
      }),
    ...{ ...impossible, is: expect.stringContaining('nothing is overwritten') },
  },
  {
    ...{ what: 'what was left over is another database now', during: remove },
    ...{ happens: replaced(leftOver), field: 'database id', was: aGuid, is: aGuid },
  },
  {
    ...{ what: 'what was left over is replicated', during: remove },
    ...{ happens: replicated(leftOver), field: 'replicated to', was: [], is: [drServer.server] },
  },
  {
    ...{ what: 'what was left over is locked', during: remove },
    ...{ happens: lockOn(`${onServer}/databases/${leftOver}`), ...impossible },
    is: expect.stringContaining('The lock "audit"'),
  },
  {
    ...{ what: 'the failover group is gone', during: reprotect },
    happens: (_simulator, { sql }) =>
      sql.failoverGroups.beginDeleteAndWait(resourceGroup, name, failoverGroup),
    ...{ field: 'failover group', was: failoverGroup, is: 'none' },
  },
  {
    ...{ what: 'the database that would be copied is scaled up', during: reprotect },
    ...{ happens: scaled('S2'), field: 'tier', was: 'S0', is: 'S2' },
  },
  {
    ...{ what: 'the other database in the second region is removed', during: reprotect },
    happens: (_simulator, { sql }) =>
      sql.databases.beginDeleteAndWait(second.server.resourceGroup, second.server.server, production),
    ...{ field: `${production} in westus2`, was: aGuid, is: 'nothing in the way' },
  },
];
