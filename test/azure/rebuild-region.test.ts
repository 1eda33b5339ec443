import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/azure/deployments/request';
import type { Operation } from '../../src/azure/operation';
import { seedValue } from '../../src/simulator/seed-value';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait, pollToEnd, sent } from '../support/begin-and-wait';
import { production, server } from '../support/demo-estate';
import {
  adminPassword,
  createGroup,
  createServer,
  deploy,
  drGroup,
  drHealthUrl,
  drServer,
  geoRestore,
  templateUri,
} from '../support/demo-region';
import { problemOf } from '../support/problem-of';

/** A deployment takes a twentieth of a second at this speed. */
const quick = 6_000;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ speed: quick });
});
beforeEach(() => {
  simulator.reset('tier2');
  simulator.setSpeed(quick);
});
afterAll(() => simulator.close());

const azure = () => azureAgainst(simulator);
const all = async (...operations: readonly Operation[]) => {
  for (const one of operations) await beginAndWait(azure(), one, one.op);
};
const look = (operation: Operation, more: Parameters<typeof sent>[1] = {}, requestId = 'r1') =>
  azure().handler(operation).look(operation, sent(requestId, more));
const turnsGreen = async () => {
  const until = Date.now() + 5_000;
  while (!(await azure().health(drHealthUrl)).green && Date.now() < until);
  expect(await azure().health(drHealthUrl)).toMatchObject({ green: true });
};
const puts = () =>
  simulator.journal().filter(({ method, status }) => method === 'PUT' && (status ?? 500) < 300).length;

test('the second region is rebuilt while the first one is down, and the app is green there on the recovered data', async () => {
  simulator.regionDown('eastus');
  await all(createGroup, createServer);
  await Promise.all([all(deploy), all(geoRestore)]);

  await turnsGreen();
  const names = await azure().databaseNames(drServer);
  expect(names.toSorted()).toEqual([production, geoRestore.target]);
  const { findings, facts } = await azure().read({
    ...{ check: 'sql.recovered-copy', server: drServer, database: geoRestore.target, tier: 'S0' },
  });
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  const [template, recovered] = [
    (await azure().database(drServer, production))?.databaseId ?? '',
    String(facts['databaseId']),
  ];
  await all(
    { op: 'sql.rename', server: drServer, from: production, to: 'aside', databaseId: template },
    { op: 'sql.rename', server: drServer, from: geoRestore.target, to: production, databaseId: recovered },
    { op: 'app.restart', app: { ...drGroup, app: 'apprequest-dr-demo01' } },
  );
  await turnsGreen();
});

test('the password of the administrator goes from the vault to the server past the bot: it reads no secret', async () => {
  await all(createGroup, createServer, deploy);

  const asked = simulator.journal().map(({ method, url }) => `${method} ${url}`);
  const written = JSON.stringify(simulator.journal());
  expect(asked.filter((one) => one.includes('vault.azure.net'))).toEqual([]);
  expect(written).not.toContain(seedValue('tier2', 'sql password'));
  expect(written).toContain(adminPassword.secret);
});

test.each([createGroup, createServer, deploy, geoRestore])(
  '$op that was over before anybody looked is adopted, and sends nothing again',
  async (operation) => {
    await all(createGroup, createServer, deploy, geoRestore);
    const before = puts();

    const seen = await look(operation, { resumed: true });

    expect(seen.state).toBe('done');
    expect(puts()).toBe(before);
  },
);

test.each([createGroup, createServer, deploy, geoRestore])(
  '$op whose answer was lost is found by looking',
  async (operation) => {
    const order: readonly Operation[] = [createGroup, createServer, deploy, geoRestore];
    await all(...order.slice(0, order.indexOf(operation)));
    simulator.setSpeed(60);
    simulator.addFault({ method: 'PUT', path: 'management.azure.com', reset: true, when: 'after' });
    const intent = sent('r1');

    const problem = await problemOf(azure().handler(operation).begin(operation, intent));
    const seen = await azure()
      .handler(operation)
      .look(operation, { ...intent, resumed: true });

    expect(problem.details).toMatchObject({ passing: true, unknownOutcome: true });
    expect(seen.state).toBe(operation.op === 'group.create' ? 'done' : 'under way');
    simulator.setSpeed(quick);
    if (seen.state === 'under way') await pollToEnd(azure(), operation, 'look');
  },
);

test('a deployment tells how many of its resources are there', async () => {
  await all(createGroup);
  simulator.setSpeed(100);
  const begun = await azure().handler(deploy).begin(deploy, sent('r1'));
  const percents: (number | null)[] = [];
  for (;;) {
    const polled = await azure()
      .handler(deploy)
      .poll(deploy, begun.state === 'accepted' ? begun.token : '');
    if (polled.state === 'done') break;
    percents.push(polled.percent);
  }

  expect(percents).toEqual(percents.toSorted((a, b) => Number(a) - Number(b)));
  expect(new Set(percents).size).toBeGreaterThan(2);
});

test('a deployment that fails says what was wrong inside, and a new try goes on from what is there', async () => {
  await all(createGroup);
  simulator.addFault({
    method: 'PUT',
    path: '/deployments/dr-inc7-1',
    lro: { fail: { code: 'SkuNotAvailable', message: 'The requested size is not available in westus2.' } },
  });

  const problem = await problemOf(beginAndWait(azure(), deploy, 'first'));
  expect(problem.details).toMatchObject({ code: 'SkuNotAvailable', passing: false });
  expect(problem.message).toContain('not available in westus2');
  expect(await look(deploy, { resumed: true }, 'first')).toMatchObject({ state: 'blocked' });

  expect(await look(deploy, {}, 'second')).toEqual({ state: 'absent' });
  await beginAndWait(azure(), deploy, 'second');
  expect(await look(deploy, { resumed: true }, 'second')).toEqual({ state: 'done', facts: {} });
});

test('a group that somebody else has made is neither taken for ours nor deleted', async () => {
  await all({ ...createGroup, run: 'inc3-1' });
  const remove = { op: 'group.delete', group: drGroup, run: 'inc7-1' } as const;

  expect(await look(createGroup)).toMatchObject({
    state: 'blocked',
    problem: { details: { code: 'NameTaken' } },
  });
  expect(await look(remove)).toMatchObject({ state: 'blocked', problem: { details: { code: 'NotOurs' } } });
});

test('a group that the run made is deleted with everything in it', async () => {
  await all(createGroup, createServer);
  const remove = { op: 'group.delete', group: drGroup, run: 'inc7-1' } as const;

  await all(remove);

  expect(await azure().deployments.group(drGroup)).toBeNull();
  expect(await azure().sql.server(drServer)).toBeNull();
  expect(await look(remove, { resumed: true })).toEqual({ state: 'done', facts: {} });
});

test('a template is validated before it is deployed: what Azure has against it is told with the inner reason', async () => {
  await all(createGroup);
  const { op: _, resources: __, ...request } = deploy;

  expect(await azure().read({ check: 'deployment.valid', ...request })).toMatchObject({
    findings: [{ ok: true }],
  });
  const problem = await problemOf(
    azure().read({
      ...{ check: 'deployment.valid', ...request },
      parameters: { ...request.parameters, environmentName: 'prod' },
    }),
  );
  expect(problem.details).toMatchObject({ code: 'InvalidTemplateDeployment', passing: false });
  expect(problem.message).toContain('NameAlreadyExists: ');
});

test('what-if counts what is made, and finds out when the estate names what the template does not make', async () => {
  await all(createGroup);
  const { op: _, resources: __, ...request } = deploy;
  const id = (name: string) =>
    `/subscriptions/${drGroup.subscriptionId}/resourceGroups/${drGroup.resourceGroup}/providers/Microsoft.Web/sites/${name}`;

  const right = await azure().read({
    check: 'deployment.what-if',
    ...request,
    makes: [id('apprequest-dr-demo01')],
  });
  const wrong = await azure().read({ check: 'deployment.what-if', ...request, makes: [id('another-name')] });

  expect(right.findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(right.findings).toContainEqual(expect.objectContaining({ what: 'Resources', found: '13 Create' }));
  expect(wrong.findings.filter(({ ok }) => !ok)).toMatchObject([{ what: 'sites another-name' }]);
});

test.each([
  ['validate', 'deployment.valid', 'Validating'],
  ['whatIf', 'deployment.what-if', 'Asking what would change by'],
] as const)(
  '%s that Azure takes on and never ends is given up, and says what to do',
  async (path, check, doing) => {
    await all(createGroup);
    const { op: _, resources: __, ...request } = deploy;
    const impatient = azureAgainst(simulator, { longReadingMs: 1_000 });
    const read = () => impatient.read({ check, ...request, makes: [] });
    simulator.addFault({ method: 'POST', path: `/deployments/dr-inc7-1/${path}`, lro: { stuck: true } });

    const problem = await problemOf(read());

    expect(problem.details).toMatchObject({ code: 'NoProgress', passing: false, unknownOutcome: false });
    expect(problem.message).toBe(
      `${doing} deployment "dr-inc7-1" did not come to an end: Azure took it on and has given no result for 1 s. It only reads, so nothing was changed by it. Retry asks anew; whether Azure has trouble is shown under Service Health in the portal.`,
    );
    expect((await read()).findings.filter(({ ok }) => !ok)).toEqual([]);
  },
);

test.each([
  ['validate', 'deployment.valid'],
  ['whatIf', 'deployment.what-if'],
] as const)("%s that ends badly is told in Azure's own code and words", async (path, check) => {
  await all(createGroup);
  const { op: _, resources: __, ...request } = deploy;
  simulator.addFault({
    ...{ method: 'POST', path: `/deployments/dr-inc7-1/${path}` },
    lro: { fail: { code: 'DeploymentWhatIfResourceError', message: 'A resource could not be looked at.' } },
  });

  const problem = await problemOf(azure().read({ check, ...request, makes: [] }));

  expect(problem.details).toMatchObject({ code: 'DeploymentWhatIfResourceError', unknownOutcome: false });
  expect(problem.message).toContain('A resource could not be looked at.');
});

test.each([
  ['validate', 'deployment.valid'],
  ['whatIf', 'deployment.what-if'],
] as const)('%s only reads: when its answer is lost it is asked again', async (path, check) => {
  await all(createGroup);
  const { op: _, resources: __, ...request } = deploy;
  simulator.addFault({
    ...{ method: 'POST', path: `/deployments/dr-inc7-1/${path}`, reset: true, when: 'after' },
  });

  const { findings } = await azure().read({ check, ...request, makes: [] });

  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(simulator.journal().filter(({ url }) => url.includes(`dr-inc7-1/${path}?`))).toHaveLength(2);
});

test('a template on disk is sent along, and not once it has changed since people approved it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  const file = join(folder, 'template.json');
  const text = JSON.stringify({
    ...{ $schema: 'https://schema', contentVersion: '1.0.0.0' },
    resources: [{ type: 'Microsoft.Web/serverfarms', apiVersion: '2023-12-01', name: 'plan-of-a-file' }],
  });
  writeFileSync(file, text);
  await all(createGroup);
  const fromFile = { ...deploy, template: { file, sha256: sha256(text) }, parameters: {}, secure: {} };

  await all(fromFile);
  writeFileSync(file, text.replace('plan', 'plot'));
  const problem = await problemOf(azure().handler(fromFile).begin(fromFile, sent('r2')));

  expect(problem.details.code).toBe('TemplateChanged');
  rmSync(folder, { recursive: true });
});

test('a template at an address is not deployed once another version stands there', async () => {
  await all(createGroup);
  const { template } = deploy;
  if (!('uri' in template)) throw new Error('It is a file.');
  const approved = await azure().deployments.template({ uri: template.uri });
  if ('unread' in approved) throw new Error(approved.unread);
  const signed = { ...deploy, template: { uri: template.uri, sha256: approved.sha256 } };
  simulator.publishTemplate((old) => ({ ...old, contentVersion: '2.0.0.0' }));

  const problem = await problemOf(azure().handler(signed).begin(signed, sent('r3')));

  expect(problem.details).toMatchObject({ code: 'TemplateChanged', unknownOutcome: false });
  expect(problem.message).toContain(template.uri);
});

test('what a template asks for can be read without evaluating it', async () => {
  const { template } = deploy;
  const read = await azure().deployments.template('uri' in template ? { uri: template.uri } : { file: '' });

  if ('unread' in read) throw new Error(read.unread);
  expect(read.types).toContain('Microsoft.Sql/servers/databases');
  expect(read.parameters.filter(({ required }) => required).map(({ name }) => name)).toEqual([
    ...['environmentName', 'apiClientId', 'apiClientSecret', 'frontendClientId', 'sqlAdminPassword'],
  ]);
  expect(read.parameters.filter(({ secure }) => secure).map(({ name }) => name)).toEqual([
    ...['apiClientSecret', 'sqlAdminPassword'],
  ]);
});

const none = 'https://raw.githubusercontent.com/none.json';

test.each([
  ['is not there', none, {}, `Reading the file ${none} did not work: the answer was HTTP 404. (Http404)`],
  [
    'gives no answer',
    templateUri,
    { delayMs: 3_000 },
    `Reading the file ${templateUri} did not work: no answer within 1 s. (Timeout)`,
  ],
  ['is cut off', templateUri, { reset: true, times: 9 }, `Reading the file ${templateUri} did not work: `],
] as const)(
  'a template that %s is said to be unread, with what did not answer and how long that was',
  async (_, uri, fault, words) => {
    if (Object.keys(fault).length > 0) simulator.addFault({ path: 'azuredeploy.json', ...fault });
    const impatient = azureAgainst(simulator, { deadlineMs: 1_000 });

    const read = await impatient.deployments.template({ uri });

    expect(read).toEqual({ unread: expect.stringContaining(words) });
    expect(JSON.stringify(read)).not.toMatch(/abort/i);
  },
);

test('the newest geo-backup can be read while its region is down; it is not newer than the outage', async () => {
  simulator.regionDown('eastus');

  const backup = await azure().sql.geoBackup(server, production);

  expect(backup).toMatchObject({ tier: 'S0', at: expect.any(Date) });
  expect(Number(backup?.at)).toBeLessThan(Date.now());
  expect(await azure().sql.geoBackup(server, 'no-such-database')).toBeNull();
});

test('a database is fresh when it was made after the plan and nobody has written into it', async () => {
  const before = new Date(Date.now() - 60_000).toISOString();
  await all(createGroup, deploy);
  const read = (where: typeof server) =>
    azure().read({
      ...{ check: 'sql.fresh-database', server: where, database: production },
      ...{ madeAfter: before, atMostBytes: 64 * 1024 * 1024 },
    });

  expect((await read(drServer)).findings.filter(({ ok }) => !ok)).toEqual([]);
  expect((await read(server)).findings.filter(({ ok }) => !ok).map(({ what }) => what)).toEqual([
    'It was made',
    'It holds',
  ]);
});

test('a group that is there and that Azure does not show is not made ours: it would go with the run', async () => {
  await all(createGroup);
  simulator.addFault({ method: 'GET', path: '/resourcegroups/apprequest-dr', status: 404, times: 99 });
  const before = puts();

  expect(await look({ ...createGroup, run: 'inc8-1' })).toMatchObject({
    state: 'blocked',
    problem: { details: { code: 'NameTaken' } },
  });
  expect(puts()).toBe(before);
  simulator.clearFaults();
});

test('a group that is there and that Azure does not show is not told as deleted', async () => {
  await all(createGroup);
  const remove = { op: 'group.delete', group: drGroup, run: 'inc7-1' } as const;
  simulator.addFault({ method: 'GET', path: '/resourcegroups/apprequest-dr', status: 404, times: 99 });

  expect(await look(remove)).toMatchObject({ state: 'blocked', problem: { details: { code: 'NotShown' } } });
  simulator.clearFaults();
  expect(await look(remove)).toEqual({ state: 'absent' });
});

test('a SQL server that is there and that Azure does not show is not made anew with another password', async () => {
  await all(createGroup, createServer);
  simulator.addFault({ method: 'GET', path: `/servers/${drServer.server}$`, status: 404, times: 99 });

  expect(await look({ ...createServer, run: 'inc8-1' })).toMatchObject({
    state: 'blocked',
    problem: { details: { code: 'NameTaken' } },
  });
  simulator.clearFaults();
});
