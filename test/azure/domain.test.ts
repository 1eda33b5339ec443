import type { Azure } from '../../src/azure/azure';
import type { Operation, OperationOf } from '../../src/azure/operation';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, sent } from '../support/begin-and-wait';
import { changesIn } from '../support/changes';
import { app } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';
import { hostName, profile, second, trafficName, zone } from '../support/tier3-estate';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'tier3', speed: 5_000_000 });
  azure = azureAgainst(simulator);
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

const dr = `${second.app.app}.azurewebsites.net`;
const point: OperationOf<'domain.point-record'> = {
  ...{ op: 'domain.point-record', zone, record: 'apps', from: trafficName, to: dr },
};
const look = (operation: Operation) => azure.handler(operation).look(operation, sent('d1'));

test('a record is led elsewhere, and keeps its TTL', async () => {
  expect(await look(point)).toEqual({ state: 'absent' });
  await beginAndWait(azure, point);

  expect(await look(point)).toEqual({ state: 'done', facts: {} });
  expect(await azure.domain.record(zone, 'apps')).toEqual({ target: dr, ttlSeconds: 300 });
});

test('a record that somebody else has changed meanwhile is left alone', async () => {
  await beginAndWait(azure, { ...point, to: 'elsewhere.example' });

  expect(await look(point)).toMatchObject({
    state: 'blocked',
    problem: { details: { code: 'RecordChanged' }, message: expect.stringContaining('elsewhere.example') },
  });
  const problem = await problemOf(azure.handler(point).begin(point, sent('d1')));
  expect(problem.details).toMatchObject({ code: 'PreconditionFailed', unknownOutcome: false });
});

test('a record that is written between our reading and our writing is not overwritten: Azure compares the ETag', async () => {
  simulator.addFault({ method: 'PUT', path: '/CNAME/apps', status: 412, code: 'PreconditionFailed' });

  const problem = await problemOf(azure.handler(point).begin(point, sent('d1')));

  expect(problem.details).toMatchObject({ code: 'PreconditionFailed', passing: true, unknownOutcome: false });
});

test('a verification id is added beside the texts that are there, once', async () => {
  const add = { op: 'domain.add-verification', zone, record: 'new', app } as const;
  expect(await look(add)).toEqual({ state: 'absent' });
  await beginAndWait(azure, add);

  expect(await look(add)).toEqual({ state: 'done', facts: {} });
  expect(await look({ ...add, record: 'apps' })).toEqual({ state: 'done', facts: {} });
});

test('a name, its certificate and both together come in the order that Azure allows, each once', async () => {
  const { app: target } = second;
  await beginAndWait(azure, { op: 'domain.unbind-host-name', app: target, hostName });
  expect(await azure.domain.binding(target, hostName)).toBeNull();
  await beginAndWait(azure, point);
  await beginAndWait(azure, { op: 'domain.bind-host-name', app: target, hostName });
  expect(await azure.domain.binding(target, hostName)).toEqual({ secured: false });

  const create = { op: 'domain.create-certificate', app: target, hostName } as const;
  const { thumbprint } = await beginAndWait(azure, create);
  const bind = {
    op: 'domain.bind-certificate',
    app: target,
    hostName,
    thumbprint: String(thumbprint),
  } as const;
  expect(await look(bind)).toEqual({ state: 'absent' });
  await beginAndWait(azure, bind);

  expect(await look(bind)).toEqual({ state: 'done', facts: {} });
  expect(await azure.domain.binding(target, hostName)).toEqual({ secured: true });
  expect(await look(create)).toEqual({ state: 'done', facts: { thumbprint } });
});

test('the platform tells to which address it sees a name lead', async () => {
  const read = (target: string) => azure.read({ check: 'domain.leads-to', app, hostName, target });

  expect((await read(trafficName)).findings).toEqual([expect.objectContaining({ ok: true })]);
  expect((await read(dr)).findings).toEqual([expect.objectContaining({ found: trafficName, ok: false })]);
});

const close: OperationOf<'traffic.set-endpoint'> = {
  ...{ op: 'traffic.set-endpoint', profile, endpoint: 'primary', status: 'Disabled' },
};

test('an endpoint is disabled alone, and the profile answers with the other', async () => {
  await beginAndWait(azure, close);

  const found = await azure.traffic.profile(profile);
  expect(found?.endpoints).toMatchObject([
    { name: 'primary', enabled: false, monitor: 'Disabled' },
    { name: 'secondary', enabled: true, monitor: 'Online' },
  ]);
  const { findings } = await azure.read({ check: 'traffic.leads-to', profile, endpoint: 'secondary' });
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(changesIn(simulator)).toEqual(['PATCH primary']);
});

test('an endpoint that is gone is told so before anything is sent', async () => {
  expect(await look({ ...close, endpoint: 'third' })).toMatchObject({
    state: 'blocked',
    problem: { details: { code: 'EndpointNotFound' } },
  });
});
