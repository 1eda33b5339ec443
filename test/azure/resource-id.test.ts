import { sameName, scopesOf, sqlServerOf } from '../../src/azure/resource-id';

const database =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-1/databases/AppRequestPortal';

test('a lock can stand on a database, its server, its group and its subscription', () => {
  expect(scopesOf(database)).toEqual([
    '/subscriptions/s',
    '/subscriptions/s/resourceGroups/g',
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-1',
    database,
  ]);
});

test('a group lies in its subscription alone', () => {
  expect(scopesOf('/subscriptions/s/resourceGroups/g')).toEqual([
    '/subscriptions/s',
    '/subscriptions/s/resourceGroups/g',
  ]);
});

test('the server is found in the id of anything under it, in any letter case', () => {
  const expected = { subscriptionId: 's', resourceGroup: 'g', server: 'sql-1' };
  expect(sqlServerOf(database)).toEqual(expected);
  expect(sqlServerOf(database.toLowerCase())).toEqual(expected);
});

test('no server is found in the id of something else', () => {
  expect(sqlServerOf('/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/x')).toBeNull();
});

test('two unknown names are not the same name', () => {
  expect(sameName(undefined, undefined)).toBe(false);
  expect(sameName('SQL-1', 'sql-1')).toBe(true);
});
