import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, group, handClock, minutesAgo, openAzure, portal, server, serverPath } from './azure';

const list = `${serverPath}/restorableDroppedDatabases`;

type Listed = { readonly name: string; readonly properties: Readonly<Record<string, string>> };
const listed = (answer: { readonly json: unknown }) =>
  (answer.json as { readonly value: readonly Listed[] }).value;

const back = (properties: Record<string, unknown>) => ({
  body: { location: 'eastus', properties: { createMode: 'Restore', ...properties } },
});

test('a deleted database appears in the list some minutes after it is gone, and cannot be restored before', async () => {
  const clock = handClock();
  const { arm } = await openAzure({ speed: 1, now: clock.now });
  await arm('DELETE', portal);
  clock.advance(30_000);
  expect((await arm('GET', portal)).status).toBe(404);
  expect(listed(await arm('GET', list))).toEqual([]);
  clock.advance(3 * 60_000);
  const [dropped] = listed(await arm('GET', list));
  expect(dropped?.properties['databaseName']).toBe('AppRequestPortal');
  const restorableDroppedDatabaseId = `${list}/${dropped?.name}`;
  expect((await arm('PUT', portal, back({ restorableDroppedDatabaseId }))).status).toBe(202);
});

test('it can be restored to any moment of its retention up to its deletion, and drops out of the list after that', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'simulator-test-'));
  try {
    const clock = handClock();
    const first = await openAzure({ dataDir, now: clock.now });
    await first.arm('DELETE', portal);
    clock.advance(1_000);
    const [dropped] = listed(await first.arm('GET', list));
    const restorableDroppedDatabaseId = `${list}/${dropped?.name}`;
    const week = 7 * 24 * 60;
    expect(dropped?.properties['earliestRestoreDate']).toBe(minutesAgo(week, clock.now()));
    const at = ({ arm }: typeof first, restorePointInTime: string) =>
      arm('PUT', `${serverPath}/databases/R`, back({ restorableDroppedDatabaseId, restorePointInTime }));
    expect(codeOf(await at(first, minutesAgo(week + 1, clock.now())))).toBe('InvalidPointInTime');
    expect(codeOf(await at(first, clock.now().toISOString()))).toBe('InvalidPointInTime');
    expect((await at(first, minutesAgo(30, clock.now()))).status).toBe(202);
    await first.close();
    clock.advance(week * 60_000);
    // Opened anew, because a token does not last a week.
    const later = await openAzure({ dataDir, now: clock.now });
    expect(listed(await later.arm('GET', list))).toEqual([]);
    expect(codeOf(await at(later, minutesAgo(30, clock.now())))).toBe('DatabaseNameInUse');
    await later.arm('DELETE', `${serverPath}/databases/R`);
    clock.advance(1);
    expect(codeOf(await at(later, minutesAgo(30, clock.now())))).toBe('InvalidDroppedDatabase');
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('two deleted databases of the same name are told apart by their deletion, and not by their name', async () => {
  const clock = handClock();
  const { arm, sql } = await openAzure({ now: clock.now });
  await arm('DELETE', portal);
  clock.advance(60_000);
  const [first] = listed(await arm('GET', list));
  await arm('PUT', portal, back({ restorableDroppedDatabaseId: `${list}/${first?.name}` }));
  clock.advance(60_000);
  await arm('DELETE', portal);
  clock.advance(60_000);
  const names = listed(await arm('GET', list)).map(({ name }) => name);
  expect(new Set(names).size).toBe(2);
  expect(codeOf(await arm('PUT', portal, back({ sourceDatabaseId: portal })))).toBe(
    'MultipleDroppedDatabasesWithTheSameName',
  );
  const sourceDatabaseDeletionDate = first?.properties['deletionDate'];
  const chosen = await arm('PUT', portal, back({ sourceDatabaseId: portal, sourceDatabaseDeletionDate }));
  expect(chosen.status).toBe(202);
  clock.advance(1);
  expect((await sql.databases.get(group, server, 'AppRequestPortal')).status).toBe('Online');
});
