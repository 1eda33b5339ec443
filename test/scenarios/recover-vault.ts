import { azureAgainst } from '../support/azure-against';
import { app, healthUrl, vault } from '../support/demo-estate';
import type { Scenario } from './scenario';

/** Scenario 2, when the whole vault was deleted. */
export const scenarios: readonly Scenario[] = [
  {
    words: 'a deleted vault',
    runbook: 'recover-vault',
    mends: /\/appsettings\/refresh$/,
    disaster: (simulator) => simulator.vaults.deleteVault(vault.vault),
    parameters: () => ({ reason: 'deleted by mistake' }),
    recovered: async (simulator) => {
      const azure = azureAgainst(simulator);
      expect(await azure.vault.vault(vault)).toMatchObject({ ready: true });
      const references = await azure.web.references(app);
      expect(references).toHaveLength(3);
      expect(references.map(({ status }) => status)).toEqual(references.map(() => 'Resolved'));
      expect(await azure.health(healthUrl)).toMatchObject({ green: true });
    },
  },
];
