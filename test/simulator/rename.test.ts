import { codeOf, group, minutesAgo, openAzure, portal, restoreBody, server, serverPath } from './azure';

const target = (name: string) => ({ body: { id: `${serverPath}/databases/${name}` } });

test('a rename takes effect at once, and the data keeps its id and tags', async () => {
  const { sql } = await openAzure();
  const before = await sql.databases.get(group, server, 'AppRequestPortal');
  await sql.databases.rename(group, server, 'AppRequestPortal', { id: `${portal}-Old` });
  const after = await sql.databases.get(group, server, 'AppRequestPortal-Old');
  expect(after.databaseId).toBe(before.databaseId);
  expect(after.tags).toEqual(before.tags);
  await expect(sql.databases.get(group, server, 'AppRequestPortal')).rejects.toMatchObject({
    statusCode: 404,
  });
});

test('renaming twice finds no source the second time', async () => {
  const { arm } = await openAzure();
  expect((await arm('POST', `${portal}/move`, target('Old'))).status).toBe(200);
  const again = await arm('POST', `${portal}/move`, target('Old'));
  expect([again.status, codeOf(again)]).toEqual([404, 'SourceDatabaseNotFound']);
});

test.each([
  ['to a reserved name', target('master').body, 400, 'CannotUseReservedDatabaseName'],
  ['to its own name in another letter case', target('APPREQUESTPORTAL').body, 400, 'DatabaseNameInUse'],
  ['without a target', {}, 400, 'InvalidResourceMoveRequest'],
  ['to something that is no database', { id: serverPath }, 400, 'InvalidMoveTargetResourceId'],
  ['to another server', { id: portal.replace(server, 'sql-other') }, 400, 'MismatchingServerNameWithUrl'],
  [
    'to another group',
    { id: portal.replace(`/${group}/`, '/other/') },
    400,
    'MismatchingResourceGroupNameWithUrl',
  ],
  ['to another subscription', { id: portal.replace('d0c5', 'd0c6') }, 400, 'MismatchingSubscriptionWithUrl'],
])('a rename %s is refused', async (_, body, status, code) => {
  const { arm } = await openAzure();
  const answer = await arm('POST', `${portal}/move`, { body });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});

test('a rename to a name in use is refused', async () => {
  const { arm } = await openAzure();
  await arm('PUT', `${serverPath}/databases/Taken`, { body: restoreBody(minutesAgo(40)) });
  const answer = await arm('POST', `${portal}/move`, target('Taken'));
  expect([answer.status, codeOf(answer)]).toEqual([400, 'DatabaseNameInUse']);
});

test('a database that is still being restored cannot be renamed', async () => {
  const { arm } = await openAzure({ speed: 1 });
  await arm('PUT', `${serverPath}/databases/R`, { body: restoreBody(minutesAgo(40)) });
  const answer = await arm('POST', `${serverPath}/databases/R/move`, target('S'));
  expect([answer.status, codeOf(answer)]).toEqual([409, 'ConflictingDatabaseOperation']);
});

test('a geo-replicated database can be renamed only after both its group membership and its link are gone', async () => {
  const { arm, sql } = await openAzure({ seed: 'tier3' });
  const rename = async () => codeOf(await arm('POST', `${portal}/move`, target('Old')));
  const links = async () => {
    for await (const { name } of sql.replicationLinks.listByDatabase(group, server, 'AppRequestPortal')) {
      return name ?? '';
    }
    return '';
  };
  expect(await rename()).toBe('InvalidOperationForDatabaseInReplicationRelationship');
  const link = await links();
  const early = await arm('DELETE', `${portal}/replicationLinks/${link}`, { version: '2022-02-01-preview' });
  expect([early.status, codeOf(early)]).toEqual([409, 'FailoverGroupAlreadySetup']);
  await sql.failoverGroups.beginUpdateAndWait(group, server, 'apprequest-fog', { databases: [] });
  expect(await rename()).toBe('InvalidOperationForDatabaseInReplicationRelationship');
  await sql.replicationLinks.beginDeleteAndWait(group, server, 'AppRequestPortal', link);
  expect(await rename()).toBeUndefined();
  // The former secondary stays behind under its name, and is in the way of a new one.
  await sql.databases.rename(group, server, 'Old', { id: portal });
  const back = await arm('PATCH', `${serverPath}/failoverGroups/apprequest-fog`, {
    version: '2020-11-01-preview',
    body: { properties: { databases: [portal] } },
  });
  expect([back.status, codeOf(back)]).toEqual([409, 'RemoteDatabaseExists']);
  await sql.databases.beginDeleteAndWait('apprequest-dr', 'sql-apprequest-dr-demo01', 'AppRequestPortal');
  await sql.failoverGroups.beginUpdateAndWait(group, server, 'apprequest-fog', { databases: [portal] });
  expect(await links()).not.toBe('');
});
