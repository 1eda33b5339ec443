import type { Azure } from '../../src/azure/azure';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { sent } from '../support/begin-and-wait';
import { app, server, storage, trail, vault } from '../support/demo-estate';
import { problemOf } from '../support/problem-of';

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => {
  simulator.reset();
  azure = azureAgainst(simulator);
});
afterAll(() => simulator.close());

const restart = { op: 'app.restart', app } as const;

/** One call to each service that wants a token. */
const calls: readonly (readonly [string, RegExp, (azure: Azure) => Promise<unknown>])[] = [
  ['a reading', /^management/, ({ sql }) => sql.backups(server, 'AppRequestPortal')],
  ['a change', /\/restart$/, ({ handler }) => handler(restart).begin(restart, sent('once'))],
  ['Microsoft Graph', /^graph/, ({ entra }) => entra.redirectUris(trail.application)],
  ['Key Vault', /\.vault\.azure\.net/, ({ vault: { secrets } }) => secrets(vault)],
  ['the app itself', /\/api\/audit/, ({ audit }) => audit.trail(trail, lastHour())],
  ['storage', /\.queue\.core/, ({ storage: { reachable } }) => reachable(storage)],
];

const lastHour = () => ({ since: new Date(Date.now() - 3_600_000), until: new Date() });
const tokensAskedFor = () =>
  simulator.journal().filter(({ url }) => url.includes('/oauth2/v2.0/token')).length;

test.each(calls)(
  '%s: a token that is not taken any more is replaced, and nobody notices',
  async (_name, path, call) => {
    const calm = await call(azure);
    const before = tokensAskedFor();
    simulator.addFault({ path, tokensExpire: true });

    expect(await call(azure)).toEqual(calm);
    expect(simulator.faults()).toMatchObject([{ left: 0 }]);
    expect(tokensAskedFor()).toBeGreaterThan(before);
  },
);

test('a service that takes no token of ours is asked twice, and then says so', async () => {
  simulator.addFault({
    ...{ path: '/restart', status: 401, times: 10 },
    ...{ code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' },
  });

  const { details } = await problemOf(azure.handler(restart).begin(restart, sent('once')));
  const { code, status, passing, unknownOutcome } = details;
  expect({ code, status, passing, unknownOutcome }).toEqual({
    ...{ code: 'InvalidAuthenticationToken', status: 401, passing: false, unknownOutcome: false },
  });
  expect(simulator.journal().filter(({ url }) => url.includes('/restart'))).toHaveLength(2);
});
