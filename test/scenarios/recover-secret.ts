import { setTimeout as pause } from 'node:timers/promises';
import type { Azure } from '../../src/azure/azure';
import { operation } from '../../src/azure/operation';
import { writeValue } from '../../src/engine/enter-value';
import type { OperationData } from '../../src/incidents/plan';
import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { app, healthUrl, vault } from '../support/demo-estate';
import { ARRIVES_WITHIN_MS } from '../support/late';
import type { Scenario } from './scenario';

const name = vault.vault;

/** The app has lost a secret and was restarted since: it is down, with what App Service last resolved. */
async function takeDown(simulator: Simulator): Promise<void> {
  const azure = azureAgainst(simulator);
  const settings = (await azure.web.references(app)).map(({ setting }) => setting);
  const refresh = { op: 'web.refresh-references', app, settings } as const;
  const sent = { requestId: 'by-hand', intendedAt: new Date(), resumed: false };
  await azure.handler(refresh).begin(refresh, sent);
  const restart = { op: 'app.restart', app } as const;
  await azure.handler(restart).begin(restart, sent);
}

/** What must be true whenever a secret has been recovered: it is there, its reference is resolved, and the app is green. */
const recovered =
  (secret: string, isRight: (value: string) => boolean) =>
  async (simulator: Simulator): Promise<void> => {
    const azure = azureAgainst(simulator);
    expect(isRight(simulator.vaults.valueOf(name, secret) ?? '')).toBe(true);
    const references = await azure.web.references(app);
    expect(references.map(({ status }) => status)).toEqual(references.map(() => 'Resolved'));
    expect(await azure.health(healthUrl)).toMatchObject({ green: true });
  };

const lost =
  (secret: string, how: 'deleteSecret' | 'purgeSecret') =>
  async (simulator: Simulator): Promise<void> => {
    simulator.vaults[how](name, secret);
    await takeDown(simulator);
  };

/** The value that a person fetches from the company's safe and enters. */
const sqlConnection =
  'Server=tcp:sql-apprequest-prod-demo01.database.windows.net,1433;Initial Catalog=AppRequestPortal;User ID=appreqadmin;Password=entered-by-hand;Encrypt=True;';

/** Enters the value as the bot's page does; when that does not work, the cause is mended and it is tried again. */
async function enter(azure: Azure, simulator: Simulator, step: OperationData): Promise<void> {
  const change = operation.parse(step);
  if (change.op !== 'vault.set-secret') throw new Error(`Nobody can enter a value for ${change.op}.`);
  const ports = { azure, now: () => new Date(), sleep: () => pause(100), arrivesWithinMs: ARRIVES_WITHIN_MS };
  while ((await writeValue(ports, change, sqlConnection)) !== null) simulator.clearFaults();
}

/** Fetching the references once more does no harm, so that is what a try with an unknown outcome does. */
const refresh = /\/appsettings\/refresh$/;

/** Scenario 2 of the document, in every way in which a secret can be lost. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a soft-deleted secret',
    runbook: 'recover-secret',
    mends: refresh,
    disaster: lost('AzureAdClientSecret', 'deleteSecret'),
    parameters: () => ({ secret: 'AzureAdClientSecret', reason: 'the app does not start' }),
    recovered: recovered('AzureAdClientSecret', (value) => value !== ''),
  },
  {
    words: 'a secret in a vault that was deleted',
    runbook: 'recover-secret',
    mends: refresh,
    disaster: async (simulator) => {
      simulator.vaults.deleteSecret(name, 'SqlConnectionString');
      simulator.vaults.deleteVault(name);
      await takeDown(simulator);
    },
    parameters: () => ({ secret: 'SqlConnectionString' }),
    recovered: recovered('SqlConnectionString', (value) => value.includes('Initial Catalog')),
  },
  {
    words: 'a purged password of an Entra application',
    runbook: 'recover-secret',
    disaster: lost('AzureAdClientSecret', 'purgeSecret'),
    parameters: () => ({ secret: 'azureadclientsecret' }),
    // A password that was made and could not be stored is taken away before the next one is made.
    mends: /\/(addPassword|removePassword|appsettings\/refresh)$/,
    recovered: async (simulator) => {
      await recovered('AzureAdClientSecret', (value) => value !== '')(simulator);
      const [api] = simulator.estate().applications;
      // The old one and one of the run's, however often it was tried.
      expect(api?.passwords).toHaveLength(2);
    },
  },
  {
    words: 'a purged storage connection string',
    runbook: 'recover-secret',
    mends: refresh,
    disaster: lost('StorageConnectionString', 'purgeSecret'),
    parameters: () => ({ secret: 'StorageConnectionString' }),
    recovered: recovered('StorageConnectionString', (value) => value.includes('AccountName=stappreqdemo01')),
  },
  {
    words: 'a purged secret that only people know',
    runbook: 'recover-secret',
    mends: refresh,
    disaster: lost('SqlConnectionString', 'purgeSecret'),
    parameters: () => ({ secret: 'SqlConnectionString' }),
    meanwhile: { set: enter },
    recovered: recovered('SqlConnectionString', (value) => value === sqlConnection),
  },
  {
    words: 'a secret that is no good any more',
    runbook: 'recover-secret',
    mends: refresh,
    disaster: lost('SqlConnectionString', 'deleteSecret'),
    parameters: () => ({ secret: 'SqlConnectionString', how: 'new' }),
    meanwhile: { set: enter },
    recovered: recovered('SqlConnectionString', (value) => value === sqlConnection),
  },
];
