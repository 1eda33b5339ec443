import { codeOf, drServer, drServerPath, group, openAzure, portal, server, serverPath } from './azure';

const version = '2020-11-01-preview';
const fog = `${serverPath}/failoverGroups/apprequest-fog`;
const drFog = `${drServerPath}/failoverGroups/apprequest-fog`;
const drGroup = 'apprequest-dr';

test('a planned failover swaps the roles, loses nothing, and the app goes on over the listener after a restart', async () => {
  const { sql, web, health } = await openAzure({ seed: 'tier3' });
  expect((await sql.failoverGroups.get(group, server, 'apprequest-fog')).replicationRole).toBe('Primary');
  await sql.failoverGroups.beginFailoverAndWait(drGroup, drServer, 'apprequest-fog');
  expect((await sql.failoverGroups.get(drGroup, drServer, 'apprequest-fog')).replicationRole).toBe('Primary');
  expect((await health()).status).toBe(503);
  await web.webApps.restart(group, 'apprequest-prod-demo01');
  const answer = await health();
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(`"server":"${drServer}"`);
  expect(answer.text).toContain('"requests":1073');
});

test('a failover is asked for on the secondary', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });
  const answer = await arm('POST', `${fog}/failover`, { version });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'FailoverGroupFailoverRequestOnPrimary']);
});

test('with the primary region down only a forced failover works', async () => {
  const { arm, sql, simulator } = await openAzure({ seed: 'tier3' });
  simulator.regionDown('eastus');
  const planned = await arm('POST', `${drFog}/failover`, { version });
  expect([planned.status, codeOf(planned)]).toEqual([400, 'PlannedFailoverTimedOut']);
  await sql.failoverGroups.beginForceFailoverAllowDataLossAndWait(drGroup, drServer, 'apprequest-fog');
  expect((await sql.failoverGroups.get(drGroup, drServer, 'apprequest-fog')).replicationRole).toBe('Primary');
});

test('while a failover is under way the group is busy', async () => {
  const { arm } = await openAzure({ seed: 'tier3', speed: 1 });
  expect((await arm('POST', `${drFog}/failover`, { version })).status).toBe(202);
  const second = await arm('POST', `${drFog}/failover`, { version });
  expect([second.status, codeOf(second)]).toEqual([409, 'FailoverGroupBusy']);
});

test('a member of a failover group cannot be deleted', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });
  const answer = await arm('DELETE', portal);
  expect([answer.status, codeOf(answer)]).toEqual([
    409,
    'InvalidOperationForDatabaseInReplicationRelationship',
  ]);
});

const manual = { readWriteEndpoint: { failoverPolicy: 'Manual' } };
const partner = { partnerServers: [{ id: drServerPath }] };
test.each([
  [
    'a grace period with the manual policy',
    {
      ...partner,
      readWriteEndpoint: { failoverPolicy: 'Manual', failoverWithDataLossGracePeriodMinutes: 60 },
    },
    'FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFieldsForManualPolicy',
  ],
  [
    'no grace period with the automatic policy',
    { ...partner, readWriteEndpoint: { failoverPolicy: 'Automatic' } },
    'FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpointFields',
  ],
  ['no policy', partner, 'FailoverGroupCreateOrUpdateRequestInvalidReadWriteEndpoint'],
  ['no partner', manual, 'FailoverGroupCreateOrUpdateRequestInvalidPartner'],
  [
    'two partners',
    { ...manual, partnerServers: [{ id: drServerPath }, { id: serverPath }] },
    'FailoverGroupCreateOrUpdateRequestUnsupportedPartnerCount',
  ],
  [
    'a partner in the same region',
    { ...manual, partnerServers: [{ id: serverPath }] },
    'InvalidFailoverGroupRegion',
  ],
  [
    'a partner that is not there',
    { ...manual, partnerServers: [{ id: `${serverPath}-gone` }] },
    'ServerNotFound',
  ],
  [
    'a database of another server',
    { ...manual, ...partner, databases: [`${drServerPath}/databases/AppRequestPortal`] },
    'FailoverGroupCreateOrUpdateRequestInvalidDatabaseServer',
  ],
  [
    'something that is no database',
    { ...manual, ...partner, databases: ['AppRequestPortal'] },
    'FailoverGroupCreateOrUpdateRequestInvalidDatabases',
  ],
])('a failover group with %s is refused', async (_, properties, code) => {
  const { arm } = await openAzure({ seed: 'tier3' });
  const answer = await arm('PUT', `${serverPath}/failoverGroups/new-group`, {
    version,
    body: { properties },
  });
  expect([answer.status, codeOf(answer)]).toEqual([400, code]);
});

test('a failover group is changed on its primary, and a database belongs to one group', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });
  const onSecondary = await arm('PATCH', drFog, { version, body: { properties: { databases: [] } } });
  expect(codeOf(onSecondary)).toBe('FailoverGroupUpdateOrDeleteRequestOnSecondary');
  const body = { properties: { ...manual, ...partner, databases: [portal] } };
  const other = await arm('PUT', `${serverPath}/failoverGroups/other`, { version, body });
  expect([other.status, codeOf(other)]).toEqual([409, 'DatabaseBelongsToOtherFailoverGroup']);
});

test('a new failover group holds no databases, and deleting it leaves the replication in place', async () => {
  const { arm, sql } = await openAzure({ seed: 'tier3' });
  await arm('PUT', `${serverPath}/failoverGroups/empty`, {
    version,
    body: { properties: { ...manual, ...partner } },
  });
  expect((await sql.failoverGroups.get(group, server, 'empty')).databases).toEqual([]);
  await sql.failoverGroups.beginDeleteAndWait(group, server, 'apprequest-fog');
  const links: unknown[] = [];
  for await (const { role, replicationState } of sql.replicationLinks.listByDatabase(
    group,
    server,
    'AppRequestPortal',
  )) {
    links.push([role, replicationState]);
  }
  expect(links).toEqual([['Primary', 'CATCH_UP']]);
});

test('a geo-replica needs another server and the same name', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });
  const create = (location: string) => ({
    body: { location, properties: { createMode: 'Secondary', sourceDatabaseId: portal } },
  });
  const here = await arm('PUT', `${serverPath}/databases/Twin`, create('eastus'));
  const renamed = await arm('PUT', `${drServerPath}/databases/Twin`, create('westus2'));
  expect(codeOf(here)).toBe('ReplicationSourceAndTargetMustBeInDifferentServers');
  expect(codeOf(renamed)).toBe('ReplicationSourceAndTargetMustHaveSameName');
});
