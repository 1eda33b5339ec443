import type { RunState } from '../../../src/incidents/run-state';
import { production, server, storage } from '../demo-estate';
import { changeSettings, type Drift } from './drift';

/** A drift in a run that has changed Azure already, before a later step. */
export interface LaterDrift extends Drift {
  /** The state of the run in which it happens. */
  readonly when: (state: RunState) => boolean;
  /** Readings that fail from the first change on until it has happened, so that the run cannot run past it. */
  readonly held?: RegExp;
  /** The later stage before which it is seen. */
  readonly before: string;
}

const running = (stage: string) => (state: RunState) => state.stages[stage]?.status === 'running';

/** What can change while a run is under way and has a step ahead that cannot be taken back, or a second gate. */
export const driftsUnderWay: readonly LaterDrift[] = [
  {
    what: 'the database is scaled up while the swap is voted on',
    during: 'restore-database: deleted rows, full swap',
    when: ({ gates }) => gates['swap'] !== undefined,
    happens: (_simulator, { sql }) =>
      sql.databases.beginUpdateAndWait(server.resourceGroup, server.server, production, {
        sku: { name: 'S1' },
      }),
    ...{ field: 'tier', was: 'S0', is: 'S1', before: 'set-aside' },
  },
  {
    what: 'another setting refers to the secret before its new value is set',
    during: 'recover-secret: a secret that is no good any more',
    ...{ when: running('recover'), held: /kv-appreq-demo01\.vault\.azure\.net/ },
    happens: (_simulator, azure) =>
      changeSettings(azure, (values) => ({
        ...values,
        Another__Secret:
          '@Microsoft.KeyVault(SecretUri=https://kv-appreq-demo01.vault.azure.net/secrets/SqlConnectionString/)',
      })),
    field: 'settings that refer to it',
    was: [expect.any(String)],
    is: expect.arrayContaining(['Another__Secret']),
    before: 'set',
  },
  {
    what: 'the lost account is made again before the app is led away from it',
    during: 'replace-storage: a storage account that somebody has deleted',
    ...{ when: running('create'), held: /storageAccounts\/stappreqdemo01i/i },
    happens: (_simulator, { storage: client }) =>
      client.storageAccounts.beginCreateAndWait(
        storage.resourceGroup,
        storage.account,
        { location: 'eastus', kind: 'StorageV2', sku: { name: 'Standard_GRS' } },
        { updateIntervalInMs: 20 },
      ),
    ...{ field: 'old account', was: 'gone', is: 'there', before: 'write-secret' },
  },
];
