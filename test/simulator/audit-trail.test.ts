import { app, group, minutesAgo, openAzure, portal } from './azure';

const url = (query: string) => `https://${app}.azurewebsites.net/api/audit${query}`;
const api = 'api://00000000-0000-0000-0000-0000000000a1/.default';

type Entry = {
  readonly id: string;
  readonly by: string;
  readonly action: string;
  readonly rows: number;
};
const entriesOf = (answer: { readonly json: unknown }) =>
  (answer.json as { readonly entries: readonly Entry[] }).entries;

async function opened() {
  const azure = await openAzure();
  const token = await azure.credential.getToken(api);
  const ask = (query: string) =>
    azure.send('GET', url(query), undefined, { authorization: `Bearer ${token.token}` });
  return { ...azure, ask };
}

test('the app tells who deleted what, to callers with a token for it', async () => {
  const { ask } = await opened();
  const answer = await ask(`?since=${minutesAgo(30)}`);
  expect(answer.status).toBe(200);
  expect(entriesOf(answer).map(({ by, action, rows }) => [by, action, rows])).toEqual([
    ['Dora', 'insert', 1],
    ['Chen', 'insert', 2],
    ['Anna', 'delete', 214],
  ]);
});

test('nobody else is told anything', async () => {
  const { send, credential } = await opened();
  const arm = await credential.getToken('https://management.azure.com/.default');
  const since = `?since=${minutesAgo(30)}`;
  const foreign = await send('GET', url(since), undefined, { authorization: `Bearer ${arm.token}` });
  const nobody = await send('GET', url(since));
  expect([foreign.status, nobody.status]).toEqual([401, 401]);
  expect(nobody.headers['www-authenticate']).toContain('login.microsoftonline.com');
  expect(nobody.text).not.toContain('Anna');
});

test('a time that cannot be read is refused, and so is the whole trail while there is no database', async () => {
  const { ask, arm } = await opened();
  expect((await ask('')).status).toBe(400);
  expect((await ask('?since=yesterday')).status).toBe(400);
  await arm('DELETE', portal);
  expect((await ask(`?since=${minutesAgo(30)}`)).status).toBe(503);
});

test('what is done to the rows by hand is in the trail, and comes back with a restore', async () => {
  const { ask, control, simulator, health } = await opened();
  const deleted = { by: 'Bilal', rows: -40 };
  expect((await control('POST', '/databases/AppRequestPortal/rows', deleted)).status).toBe(204);
  expect((await health()).text).toContain('"requests":1033');
  const [newest] = entriesOf(await ask(`?since=${minutesAgo(1)}`));
  expect(newest).toMatchObject({ by: 'Bilal', action: 'delete', rows: 40 });
  expect((await control('POST', '/databases/AppRequestPortal/rows', { rows: -9_999 })).status).toBe(400);
  expect((await control('POST', '/databases/Nothing/rows', { rows: 1 })).status).toBe(400);
  expect(() => simulator.changeRows('AppRequestPortal', { by: 'Bilal', rows: 0.5 })).toThrow(RangeError);
});

test('after a swap the trail is unreadable until the app is restarted', async () => {
  const { ask, arm, web } = await opened();
  await arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });
  expect((await ask(`?since=${minutesAgo(30)}`)).status).toBe(503);
  await arm('POST', `${portal}-Old/move`, { body: { id: portal } });
  await web.webApps.restart(group, app);
  await new Promise((later) => setTimeout(later, 20));
  expect((await ask(`?since=${minutesAgo(30)}`)).status).toBe(200);
});
