import { createHash } from 'node:crypto';
import { DAY, MINUTE } from '../clock';
import type { SeedName } from '../state';
import type { StorageAccount } from './account';

/** How far the copy in the secondary region lags behind in the demo. Azure promises nothing; it is mostly under 15 minutes. */
const LAG = 7 * MINUTE;

/** The demo's storage account: packaging jobs in its queue, the newest of them not yet in the secondary region. */
export function demoStorage(seed: SeedName, now: Date): StorageAccount {
  const created = new Date(now.getTime() - 180 * DAY).toISOString();
  const job = (minutes: number, app: string) => ({
    id: `${app.toLowerCase().replaceAll(' ', '-')}-${minutes}`,
    text: JSON.stringify({ packageApp: app }),
    inserted: new Date(now.getTime() - minutes * MINUTE).toISOString(),
  });
  const queue = {
    name: 'winget-packaging',
    messages: [
      job(52, 'Visual Studio Code'),
      job(31, 'Notepad++'),
      job(16, '7-Zip'),
      job(5, 'Firefox'),
      job(2, 'Power BI Desktop'),
    ],
  };
  return {
    ...{ name: 'stappreqdemo01', resourceGroup: 'apprequest-prod', location: 'eastus', created },
    ...{ kind: 'StorageV2', sku: 'Standard_GRS', minimumTlsVersion: 'TLS1_2', allowBlobPublicAccess: false },
    tags: { app: 'apprequest', env: 'prod' },
    ...{ primaryLocation: 'eastus', secondaryLocation: 'westus', state: 'Succeeded' },
    keys: [keyFor(seed, 'storage key'), keyFor(seed, 'second storage key')],
    keysCreated: [created, created],
    ...{ lagMs: LAG, copying: null, geoSince: created, lastFailover: null, failoverInProgress: false },
    ...{ outageSince: null, queues: { [queue.name]: queue }, containers: ['packages'] },
  };
}

/** What the app's connection string to an account says (the portal's own form of it). */
export const connectionStringOf = ({ name, keys }: StorageAccount): string =>
  `DefaultEndpointsProtocol=https;AccountName=${name};AccountKey=${keys[0]};EndpointSuffix=core.windows.net`;

/** A value that looks like a key, is the same for the same seed, and opens nothing. */
const keyFor = (seed: SeedName, purpose: string): string =>
  createHash('sha512').update(`${seed}:${purpose}`).digest('base64');
