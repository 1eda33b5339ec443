import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { storage } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
let azure: Azure;
const logged: string[] = [];
beforeAll(async () => {
  simulator = await startSimulator({ speed: 20_000 });
  azure = azureAgainst(simulator, { log: (line) => logged.push(line) });
});
beforeEach(() => {
  simulator.reset();
  simulator.setSpeed(20_000);
  logged.length = 0;
});
afterAll(() => simulator.close());

const unplanned: OperationOf<'storage.fail-over'> = {
  ...{ op: 'storage.fail-over', account: storage, how: 'unplanned', from: 'eastus', to: 'westus' },
};
const planned: OperationOf<'storage.fail-over'> = { ...unplanned, how: 'planned' };
const redundancy = (sku: string): OperationOf<'storage.set-redundancy'> => ({
  ...{ op: 'storage.set-redundancy', account: storage, sku },
});
const create: OperationOf<'storage.create-account'> = {
  ...{ op: 'storage.create-account', account: { ...storage, account: 'stappreqdemo02' } },
  ...{ location: 'eastus', sku: 'Standard_GRS', kind: 'StorageV2', minimumTlsVersion: 'TLS1_2' },
  tags: { app: 'apprequest' },
};
const posts = () => changesIn(simulator).filter((change) => change.endsWith('/failover'));

test('a geo-redundant account shows both regions, how far the copy is, and what can be done', async () => {
  expect(await azure.storage.account(storage)).toMatchObject({
    ...{ name: storage.account, sku: 'Standard_GRS', kind: 'StorageV2', state: 'Succeeded' },
    ...{ location: 'eastus', primaryLocation: 'eastus', primaryAnswers: true },
    ...{ secondaryLocation: 'westus', secondaryAnswers: true, failoverInProgress: false },
    ...{ minimumTlsVersion: 'TLS1_2', restricted: false, tags: { app: 'apprequest', env: 'prod' } },
    replication: { status: 'Live', lastSync: expect.any(Date), canFailOver: true, canFailOverPlanned: true },
  });
});

test('an account that does not answer can only be failed over unplanned', async () => {
  simulator.storage.down(storage.account);

  expect(await azure.storage.account(storage)).toMatchObject({
    primaryAnswers: false,
    replication: { canFailOver: true, canFailOverPlanned: false },
  });
});

test('an account that is in one region is shown without the question that Azure refuses for it', async () => {
  await beginAndWait(azure, redundancy('Standard_LRS'));
  const before = simulator.journal().length;

  expect(await azure.storage.account(storage)).toMatchObject({
    ...{ sku: 'Standard_LRS', secondaryLocation: null, replication: null },
  });

  expect(
    simulator
      .journal()
      .slice(before)
      .map(({ status }) => status),
  ).toEqual([200]);
});

test('how far the copy is stays unknown where Azure does not tell, and the rest is shown', async () => {
  const where = { method: 'GET', path: 'storageAccounts', after: 1, times: 4 };
  simulator.addFault({
    ...where,
    status: 409,
    code: 'LastSyncTimeUnavailable',
    message: 'It is unavailable.',
  });

  expect(await azure.storage.account(storage)).toMatchObject({ sku: 'Standard_GRS', replication: null });
  expect(logged).toEqual([expect.stringContaining('LastSyncTimeUnavailable')]);
});

test('an account that is not there is null, and its services do not answer', async () => {
  const nothing = { ...storage, account: 'stnothere' };

  expect(await azure.storage.account(nothing)).toBeNull();
  expect(await azure.storage.reachable(nothing)).toMatchObject({
    ...{ ok: false, words: expect.stringContaining('the queue service gives no answer') },
  });
});

test('the services of an account answer the bot, or what they answered instead is said', async () => {
  expect(await azure.storage.reachable(storage)).toEqual({
    ok: true,
    words: 'the queue service answers; the blob service answers',
    services: [
      { service: 'queue', ok: true, answered: true, words: 'answers' },
      { service: 'blob', ok: true, answered: true, words: 'answers' },
    ],
  });
  simulator.storage.down(storage.account);
  expect(await azure.storage.reachable(storage)).toMatchObject({
    ...{
      ok: false,
      words: expect.stringContaining('the blob service does not serve (HTTP 503, ServerBusy)'),
    },
  });
});

test('what waits in the queues is counted, and stays unknown where it cannot be', async () => {
  simulator.storage.putMessage(storage.account, 'empty-soon', 'one');

  expect(await azure.storage.waiting(storage)).toEqual([
    { queue: 'winget-packaging', messages: 5 },
    { queue: 'empty-soon', messages: 1 },
  ]);
  simulator.addFault({ method: 'GET', path: 'queue.core.windows.net/winget', status: 403 });
  expect(await azure.storage.waiting(storage)).toBeNull();
  expect(logged).toEqual([expect.stringContaining('could not be counted')]);
  simulator.storage.down(storage.account);
  expect(await azure.storage.waiting(storage)).toBeNull();
});

test('a name that is taken or not allowed is told apart from one that is free', async () => {
  const ask = (name: string) => azure.storage.nameAvailable(storage.subscriptionId, name);

  expect(await ask('stappreqdemo02')).toEqual({ ok: true, words: 'The name is free.' });
  expect(await ask(storage.account)).toMatchObject({ ok: false, words: expect.stringContaining('taken') });
  expect(await ask('No-Name')).toMatchObject({ ok: false, words: expect.stringContaining('lower-case') });
});

test('a failover is sent once, is polled to its end, and leaves the account in one region', async () => {
  expect(await azure.handler(unplanned).look(unplanned, sent('f'))).toEqual({ state: 'absent' });

  expect(await beginAndWait(azure, unplanned, 'f')).toEqual({
    ...{ region: 'westus', redundancy: 'Standard_LRS' },
  });

  expect(posts()).toEqual([`POST ${storage.account}/failover`]);
  expect(await azure.handler(unplanned).look(unplanned, sent('f'))).toMatchObject({ state: 'done' });
});

test('a planned failover keeps the redundancy, and another one takes it back', async () => {
  expect(await beginAndWait(azure, planned)).toEqual({ region: 'westus', redundancy: 'Standard_GRS' });

  const back = { ...planned, from: 'westus', to: 'eastus' };
  expect(await beginAndWait(azure, back)).toEqual({ region: 'eastus', redundancy: 'Standard_GRS' });
});

test('a process that died after sending finds its failover under way, and goes on polling by the token', async () => {
  simulator.setSpeed(1);
  const begun = await azure.handler(unplanned).begin(unplanned, sent('d'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  const fresh = azureAgainst(simulator);

  expect(await fresh.handler(unplanned).look(unplanned, sent('d', { resumed: true }))).toEqual({
    ...{ state: 'under way', percent: null },
  });
  simulator.setSpeed(1e7);
  expect(await pollToEnd(fresh, unplanned, begun.token)).toMatchObject({ region: 'westus' });

  expect(posts()).toHaveLength(1);
});

test('a failover whose answer was lost is not sent again', async () => {
  simulator.addFault({ method: 'POST', path: '/failover', reset: true, when: 'after' });
  const problem = await problemOf(azure.handler(unplanned).begin(unplanned, sent('l')));
  expect(problem.details.unknownOutcome).toBe(true);

  const seen = await azure.handler(unplanned).look(unplanned, sent('l', { resumed: true }));

  expect(['under way', 'done']).toContain(seen.state);
  expect(posts()).toHaveLength(1);
});

test("a failover that Azure could not do is told with Azure's reason, and can be sent again", async () => {
  const fail = { code: 'InternalError', message: 'The cluster could not take over.' };
  simulator.addFault({ method: 'POST', path: '/failover', lro: { fail } });
  const problem = await problemOf(beginAndWait(azure, unplanned, 'x'));
  expect(problem.details).toMatchObject({ code: 'InternalError', passing: false });

  expect(await azure.handler(unplanned).look(unplanned, sent('y'))).toEqual({ state: 'absent' });
  expect(await beginAndWait(azure, unplanned, 'y')).toMatchObject({ region: 'westus' });
});

test('an account that somebody has moved elsewhere is not failed over by a plan that did not know', async () => {
  await beginAndWait(azure, planned);
  const stale = { ...unplanned, from: 'eastus', to: 'westcentralus' };

  expect(await azure.handler(stale).look(stale, sent('s'))).toMatchObject({
    ...{ state: 'blocked', problem: { details: { code: 'PrimaryMoved' } } },
  });
});

test('what Azure refuses to fail over comes out with its code: locked, in one region, still being copied', async () => {
  await beginAndWait(azure, redundancy('Standard_LRS'));
  expect((await problemOf(azure.handler(unplanned).begin(unplanned, sent('1')))).details).toMatchObject({
    ...{ code: 'InvalidAccountType', unknownOutcome: false, passing: false },
  });
  simulator.setSpeed(1);
  await azure.handler(redundancy('Standard_GRS')).begin(redundancy('Standard_GRS'), sent('2'));

  const problem = await problemOf(azure.handler(unplanned).begin(unplanned, sent('3')));

  expect(problem.details).toMatchObject({ code: 'LastSyncTimeUnavailable', status: 409 });
});

test('an account is geo-redundant again when its copy is complete, not when Azure has taken the request', async () => {
  await beginAndWait(azure, unplanned);
  const again = redundancy('Standard_GRS');
  expect(await azure.handler(again).look(again, sent('r'))).toEqual({ state: 'absent' });
  simulator.setSpeed(1);
  const begun = await azure.handler(again).begin(again, sent('r'));
  if (begun.state !== 'accepted') throw new Error('It was over at once.');
  expect(await azure.handler(again).poll(again, begun.token)).toMatchObject({ state: 'under way' });
  simulator.setSpeed(1e7);

  expect(await pollToEnd(azure, again, begun.token)).toEqual({
    ...{ redundancy: 'Standard_GRS', secondary: 'eastus' },
  });
});

test('while the second region is down, the copying is said to wait for it', async () => {
  await beginAndWait(azure, unplanned);
  const again = redundancy('Standard_GRS');
  await beginAndWait(azure, again);
  simulator.regionDown('eastus');

  const seen = await azure.handler(again).look(again, sent('w'));

  expect(seen).toMatchObject({
    ...{ state: 'blocked', problem: { message: expect.stringContaining('eastus does not answer') } },
  });
});

test('a new account is made once and found again; a stranger of the same name is not taken for it', async () => {
  const intendedAt = new Date();
  expect(await beginAndWait(azure, create, 'c')).toEqual({ account: 'stappreqdemo02', region: 'eastus' });
  expect(await azure.storage.account(create.account)).toMatchObject({
    ...{ sku: 'Standard_GRS', primaryLocation: 'eastus', tags: { app: 'apprequest' } },
  });

  const resumed = await azure.handler(create).look(create, sent('c', { resumed: true, intendedAt }));
  expect(resumed).toMatchObject({ state: 'done' });
  const old = { ...create, account: storage };
  const stranger = await azure.handler(old).look(old, sent('c'));
  expect(stranger).toMatchObject({ state: 'blocked', problem: { details: { code: 'NameTaken' } } });
  expect(changesIn(simulator)).toEqual(['PUT stappreqdemo02']);
});

test('what a check finds of an account is compared item by item', async () => {
  const is = (primaryLocation: string, sku: string) =>
    azure.read({ check: 'storage.account-is', account: storage, primaryLocation, sku });

  expect((await is('eastus', 'Standard_GRS')).findings.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect((await is('westus', 'Standard_LRS')).findings).toEqual([
    { what: 'Primary region', expected: 'westus', found: 'eastus', ok: false },
    { what: 'Redundancy', expected: 'Standard_LRS', found: 'Standard_GRS', ok: false },
  ]);
  expect((await azure.read({ check: 'storage.answers', account: storage })).findings).toHaveLength(2);
});
