import { setTimeout as pause } from 'node:timers/promises';
import type { Azure } from '../../src/azure/azure';
import type { OperationOf } from '../../src/azure/operation';
import { writeValue } from '../../src/engine/enter-value';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { vault } from '../support/demo-estate';

const secret = 'AzureAdClientSecret';
const change: OperationOf<'vault.set-secret'> = {
  ...{ op: 'vault.set-secret', vault, secret, mark: 'inc1-1 now', source: { from: 'entered' } },
};
const ARRIVES_WITHIN_MS = 1_500;

let simulator: Simulator;
let azure: Azure;
beforeAll(async () => {
  simulator = await startSimulator();
  azure = azureAgainst(simulator, { deadlineMs: 500 });
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

const enter = (value: string) =>
  writeValue(
    {
      ...{ azure, now: () => new Date(), arrivesWithinMs: ARRIVES_WITHIN_MS },
      sleep: () => pause(50),
    },
    change,
    value,
  );
const written = () =>
  simulator
    .journal()
    .filter(({ method, url }) => method === 'PUT' && url.includes(`/secrets/${secret}`))
    .map(({ time }) => Date.parse(time));
const value = () => simulator.vaults.valueOf(vault.vault, secret);

test('a value whose sending nobody answered is looked for, and found when it arrives late', async () => {
  simulator.addFault({ method: 'PUT', path: `/secrets/${secret}`, effectDelayMs: 1_000 });
  expect(await enter('entered once')).toBeNull();
  expect(written()).toHaveLength(1);
  expect(value()).toBe('entered once');
});

test('what did not arrive is written once more when it cannot any more', async () => {
  simulator.addFault({ method: 'PUT', path: `/secrets/${secret}`, reset: true });
  expect(await enter('entered twice')).toBeNull();
  const [first = 0, second = 0] = written();
  expect(second - first).toBeGreaterThanOrEqual(ARRIVES_WITHIN_MS);
  expect(value()).toBe('entered twice');
});

test('what the vault refuses is told at once, and nothing is written', async () => {
  const before = value();
  simulator.addFault({ method: 'PUT', path: `/secrets/${secret}`, status: 403, code: 'Forbidden', times: 9 });
  expect(await enter('refused')).toMatch(/^Setting secret "AzureAdClientSecret" in kv-appreq-demo01 did not/);
  expect(written()).toHaveLength(1);
  expect(value()).toBe(before);
});
