import {
  codeOf,
  drServerPath,
  group,
  groupPath,
  handClock,
  minutesAgo,
  openAzure,
  pathOf,
  portal,
  restoreBody,
  server,
  serverPath,
  sqlVersion,
} from './azure';

const restored = `${serverPath}/databases/AppRequestPortal-Restored`;
const rows = (estate: Readonly<Record<string, unknown>>, name: string) =>
  (estate['databases'] as readonly { name: string; server: string; requests: number }[]).find(
    (database) => database.name === name && database.server === server,
  )?.requests;

test('a point-in-time restore brings back the rows of its moment, in the tier of its source, without its tags', async () => {
  const { sql, simulator } = await openAzure();
  const source = await sql.databases.get(group, server, 'AppRequestPortal');
  const made = await sql.databases.beginCreateOrUpdateAndWait(group, server, 'AppRequestPortal-Restored', {
    location: 'eastus',
    createMode: 'PointInTimeRestore',
    sourceDatabaseId: portal,
    restorePointInTime: new Date(minutesAgo(40)),
  });
  expect(made).toMatchObject({ status: 'Online', currentServiceObjectiveName: 'S0', tags: {} });
  expect(made.databaseId).not.toBe(source.databaseId);
  expect(source.tags).toEqual({ app: 'apprequest', owner: 'app-request-team' });
  expect(rows(simulator.estate(), 'AppRequestPortal')).toBe(1_073);
  expect(rows(simulator.estate(), 'AppRequestPortal-Restored')).toBe(1_284);
});

test('a restored database is visible while it is restored, and can be restored itself only after its first backup', async () => {
  const clock = handClock();
  const azure = await openAzure({ speed: 1, now: clock.now });
  await azure.arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  const during = await azure.sql.databases.get(group, server, 'AppRequestPortal-Restored');
  expect(during.status).toBe('Restoring');
  expect(during.earliestRestoreDate).toBeUndefined();
  clock.advance(20 * 60_000);
  const after = await azure.sql.databases.get(group, server, 'AppRequestPortal-Restored');
  expect(after.status).toBe('Online');
  expect(after.earliestRestoreDate).toEqual(new Date(clock.now().getTime() + 16 * 60_000));
  const again = await azure.arm('PUT', `${serverPath}/databases/Again`, {
    body: restoreBody(minutesAgo(1, clock.now()), { sourceDatabaseId: restored }),
  });
  expect([again.status, codeOf(again)]).toEqual([400, 'RestoreIneligibleLiveDatabaseShortLifespan']);
});

test('the restorable window reaches back as far as the retention, and grows with it', async () => {
  const clock = handClock();
  const azure = await openAzure({ now: clock.now });
  const before = await azure.sql.databases.get(group, server, 'AppRequestPortal');
  expect(before.earliestRestoreDate).toEqual(new Date(clock.now().getTime() - 7 * 86_400_000));
  await azure.arm('PUT', `${portal}/backupShortTermRetentionPolicies/default`, {
    version: '2021-02-01-preview',
    body: { properties: { retentionDays: 14 } },
  });
  clock.advance(1);
  const after = await azure.sql.databases.get(group, server, 'AppRequestPortal');
  expect(after.earliestRestoreDate).toEqual(new Date(clock.now().getTime() - 14 * 86_400_000));
});

const future = new Date(Date.now() + 3_600_000).toISOString();
test.each([
  ['before the retention', restoreBody(minutesAgo(8 * 24 * 60)), 400, 'InvalidPointInTime'],
  ['in the future', restoreBody(future), 400, 'InvalidPointInTime'],
  ['without a zone', restoreBody('2026-02-14T10:00:00'), 400, 'InvalidPointInTime'],
  [
    'in the last minutes, whose log backup is not there yet',
    restoreBody(minutesAgo(2)),
    400,
    'BackupSetNotFoundRecentPit',
  ],
  ['without a moment', restoreBody('', { restorePointInTime: undefined }), 400, 'MissingRestorePointInTime'],
  [
    'without a source',
    restoreBody(minutesAgo(40), { sourceDatabaseId: undefined }),
    400,
    'MissingSourceDatabaseId',
  ],
  [
    'of something that is no database',
    restoreBody(minutesAgo(40), { sourceDatabaseId: serverPath }),
    400,
    'InvalidSourceDatabaseId',
  ],
  [
    'of a missing database',
    restoreBody(minutesAgo(40), { sourceDatabaseId: `${portal}-Gone` }),
    404,
    'ResourceNotFound',
  ],
  [
    'of master',
    restoreBody(minutesAgo(40), { sourceDatabaseId: `${serverPath}/databases/master` }),
    400,
    'RestoreNotSupportedForSystemDb',
  ],
  [
    'into a tier smaller than the data',
    { ...restoreBody(minutesAgo(40)), sku: { name: 'Basic', tier: 'Basic' } },
    400,
    'RestoreTargetEditionSizeInsufficient',
  ],
  [
    'into a tier that does not exist',
    { ...restoreBody(minutesAgo(40)), sku: { name: 'Gigantic' } },
    400,
    'InvalidSkuName',
  ],
  [
    'into another region than the server',
    { ...restoreBody(minutesAgo(40)), location: 'westus2' },
    400,
    'InvalidResourceLocation',
  ],
  [
    'with an unknown mode',
    restoreBody(minutesAgo(40), { createMode: 'Wishful' }),
    400,
    'InvalidDatabaseCreateMode',
  ],
])('a restore %s is refused', async (_, body, status, code) => {
  const azure = await openAzure();
  const answer = await azure.arm('PUT', restored, { body });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect((await azure.arm('GET', restored)).status).toBe(404);
});

test.each([
  ['master', 400, 'CannotUseReservedDatabaseName'],
  ['AppRequestPortal', 400, 'DatabaseNameInUse'],
])('a restore over %s is refused', async (name, status, code) => {
  const azure = await openAzure();
  const answer = await azure.arm('PUT', `${serverPath}/databases/${name}`, {
    body: restoreBody(minutesAgo(40)),
  });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});

test('a second restore to a name that is being restored is refused', async () => {
  const azure = await openAzure({ speed: 1 });
  expect((await azure.arm('PUT', restored, { body: restoreBody(minutesAgo(40)) })).status).toBe(202);
  const second = await azure.arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  expect([second.status, codeOf(second)]).toEqual([400, 'DuplicateRestoreOperation']);
});

test('a restore to another server is refused, and so is one of a geo-secondary', async () => {
  const azure = await openAzure({ seed: 'tier3' });
  const body = { ...restoreBody(minutesAgo(40)), location: 'westus2' };
  const across = await azure.arm('PUT', `${drServerPath}/databases/R`, { body });
  const ofSecondary = await azure.arm('PUT', `${drServerPath}/databases/R`, {
    body: {
      ...body,
      properties: { ...body.properties, sourceDatabaseId: `${drServerPath}/databases/AppRequestPortal` },
    },
  });
  expect([across.status, codeOf(across)]).toEqual([400, 'RestoreCrossServerDisabled']);
  expect([ofSecondary.status, codeOf(ofSecondary)]).toEqual([400, 'RestoreNotSupportedForGeoDrSecondary']);
});

test('a deleted database can be restored by its dropped id, or by its old id and the time of its deletion', async () => {
  const { sql, arm } = await openAzure();
  await sql.databases.beginDeleteAndWait(group, server, 'AppRequestPortal');
  const [dropped] = await all(sql.restorableDroppedDatabases.listByServer(group, server));
  expect(dropped?.name).toMatch(/^AppRequestPortal,\d{18}$/);
  const byId = {
    location: 'eastus',
    properties: { createMode: 'Restore', restorableDroppedDatabaseId: dropped?.id },
  };
  expect((await arm('PUT', `${serverPath}/databases/ById`, { body: byId })).status).toBe(202);
  const byDate = {
    location: 'eastus',
    properties: {
      createMode: 'Restore',
      sourceDatabaseId: portal,
      sourceDatabaseDeletionDate: dropped?.deletionDate,
    },
  };
  expect((await arm('PUT', `${serverPath}/databases/ByDate`, { body: byDate })).status).toBe(202);
  const wrongDate = {
    ...byDate,
    properties: { ...byDate.properties, sourceDatabaseDeletionDate: minutesAgo(99) },
  };
  expect(codeOf(await arm('PUT', `${serverPath}/databases/No`, { body: wrongDate }))).toBe(
    'InvalidDroppedDatabase',
  );
  const names = (await all(sql.databases.listByServer(group, server))).map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(['ByDate', 'ById', 'master']));
});

test('a geo-restore takes the newest replicated backup to another server, even while the region is down', async () => {
  const { sql, arm, simulator } = await openAzure({ seed: 'tier3' });
  simulator.regionDown('eastus');
  const [recoverable] = await all(sql.recoverableDatabases.listByServer(group, server));
  expect(recoverable?.name).toBe('AppRequestPortal');
  const body = {
    location: 'westus2',
    properties: { createMode: 'Recovery', recoverableDatabaseId: recoverable?.id },
  };
  expect((await arm('PUT', `${drServerPath}/databases/AppRequestPortal-Recovered`, { body })).status).toBe(
    202,
  );
  const there = await arm('GET', `${drServerPath}/databases/AppRequestPortal-Recovered`);
  expect(there.json).toMatchObject({ properties: { status: 'Online' } });
});

test('a geo-restore to the same server is refused', async () => {
  const { arm } = await openAzure();
  const recoverableDatabaseId = `${serverPath}/recoverableDatabases/AppRequestPortal`;
  const body = { location: 'eastus', properties: { createMode: 'Recovery', recoverableDatabaseId } };
  const answer = await arm('PUT', restored, { body });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'RestoreSameServerRecoveryDisabled']);
});

test('a database without geo-redundant backups cannot be geo-restored', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });
  await arm('PATCH', portal, { body: { properties: { requestedBackupStorageRedundancy: 'Local' } } });
  const recoverableDatabaseId = `${serverPath}/recoverableDatabases/AppRequestPortal`;
  const body = { location: 'westus2', properties: { createMode: 'Recovery', recoverableDatabaseId } };
  const answer = await arm('PUT', `${drServerPath}/databases/R`, { body });
  expect(codeOf(answer)).toBe('GeoRestoreBackupStorageTypeNotSupported');
  expect((await arm('GET', `${serverPath}/recoverableDatabases/AppRequestPortal`)).status).toBe(404);
});

test('deleting the target of a restore cancels it, and leaves nothing', async () => {
  const azure = await openAzure({ speed: 1 });
  const started = await azure.arm('PUT', restored, { body: restoreBody(minutesAgo(40)) });
  expect((await azure.arm('DELETE', restored)).status).toBe(200);
  const status = await azure.arm('GET', pathOf(started.headers['azure-asyncoperation']), {
    version: sqlVersion,
  });
  expect(status.json).toMatchObject({ status: 'Canceled', error: { code: 'OperationCancelled' } });
  expect((await azure.arm('GET', restored)).status).toBe(404);
  expect((await azure.arm('GET', `${groupPath}/resources`, { version: '2024-07-01' })).text).not.toContain(
    'Restored',
  );
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}
