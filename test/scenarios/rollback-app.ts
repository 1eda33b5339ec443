import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from '../support/azure-against';
import { app, healthUrl, production } from '../support/demo-estate';
import type { Scenario } from './scenario';

/** The app is green on that version, and every other setting is there. */
async function greenOn(simulator: Simulator, version: string): Promise<void> {
  const azure = azureAgainst(simulator);
  expect(await azure.web.report(healthUrl)).toMatchObject({ green: true, version, schema: 42 });
  const settings = await azure.web.settings(app);
  expect(settings?.names).toEqual(
    expect.arrayContaining(['AzureAd__ClientSecret', 'StorageConnectionString', 'WEBSITE_RUN_FROM_PACKAGE']),
  );
}

/** A bad release was deployed twenty minutes ago, so that the minute before it is in the backups. */
const deployed = (version: string) => (simulator: Simulator) => simulator.deploy(app.app, version, 20);

/** A release that crashes, and one that has moved the database's schema as well. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a release that crashes at its start',
    runbook: 'rollback-app',
    disaster: deployed('1.34.1'),
    parameters: () => ({ version: '1.34.0', data: 'keep', reason: 'crashes' }),
    recovered: (simulator) => greenOn(simulator, '1.34.0'),
  },
  {
    words: 'a release that has moved the schema',
    runbook: 'rollback-app',
    disaster: deployed('1.35.0'),
    parameters: async (simulator) => {
      const [change] = await azureAgainst(simulator).web.settingsChanges(
        app,
        new Date(Date.now() - 86_400_000),
      );
      const at = new Date((change?.at.getTime() ?? Date.now()) - 10_000).toISOString();
      return { version: '1.34.0', data: at, reason: 'every request fails' };
    },
    recovered: async (simulator) => {
      await greenOn(simulator, '1.34.0');
      const names = simulator.estate().databases.map(({ name }) => name);
      expect(names.filter((name) => name.startsWith(`${production}-old-`))).toHaveLength(1);
    },
  },
];
