import { WebSiteManagementClient } from '@azure/arm-appservice';
import type { DnsManagementClient } from '@azure/arm-dns';
import type { KeyVaultManagementClient } from '@azure/arm-keyvault';
import { ManagementLockClient } from '@azure/arm-locks';
import { MonitorClient } from '@azure/arm-monitor';
import type { ResourceManagementClient } from '@azure/arm-resources';
import type { DeploymentsClient } from '@azure/arm-resourcesdeployments';
import { SqlManagementClient } from '@azure/arm-sql';
import type { StorageManagementClient } from '@azure/arm-storage';
import type { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import type { Pipeline } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { withPatience } from './patience';

/** The SDK clients of one subscription. */
export interface Clients {
  readonly sql: SqlManagementClient;
  readonly web: WebSiteManagementClient;
  readonly locks: ManagementLockClient;
  readonly monitor: MonitorClient;
  readonly storage: StorageManagementClient;
  readonly keyVault: KeyVaultManagementClient;
  readonly dns: DnsManagementClient;
  readonly traffic: TrafficManagerManagementClient;
  readonly resources: ResourceManagementClient;
  readonly deployments: DeploymentsClient;
}

const options = { userAgentOptions: { userAgentPrefix: 'dr-bot' } };

/** The clients of a subscription, made once for each and with our rule about sending again. */
export function clientsOf(credential: TokenCredential): (subscriptionId: string) => Clients {
  const made = new Map<string, Clients>();
  return (subscriptionId) => {
    const existing = made.get(subscriptionId);
    if (existing) return existing;
    const keyVault = once(() => {
      const { KeyVaultManagementClient } = armKeyVault();
      return patient(new KeyVaultManagementClient(credential, subscriptionId, options));
    });
    const clients: Clients = {
      sql: patient(new SqlManagementClient(credential, subscriptionId, options)),
      web: patient(new WebSiteManagementClient(credential, subscriptionId, options)),
      locks: patient(new ManagementLockClient(credential, subscriptionId, options)),
      monitor: patient(new MonitorClient(credential, subscriptionId, options)),
      get storage() {
        return storage();
      },
      get keyVault() {
        return keyVault();
      },
      get dns() {
        return dns();
      },
      get traffic() {
        return traffic();
      },
      get resources() {
        return resources();
      },
      get deployments() {
        return deployments();
      },
    };
    const storage = once(() => {
      const { StorageManagementClient } = armStorage();
      return patient(new StorageManagementClient(credential, subscriptionId, options));
    });
    const dns = once(() => {
      const { DnsManagementClient } = armDns();
      return patient(new DnsManagementClient(credential, subscriptionId, options));
    });
    const traffic = once(() => {
      const { TrafficManagerManagementClient } = armTrafficManager();
      return patient(new TrafficManagerManagementClient(credential, subscriptionId, options));
    });
    const resources = once(() => {
      const { ResourceManagementClient } = armResources();
      return patient(new ResourceManagementClient(credential, subscriptionId, options));
    });
    const deployments = once(() => {
      const { DeploymentsClient } = armDeployments();
      return patient(new DeploymentsClient(credential, subscriptionId, options));
    });
    made.set(subscriptionId, clients);
    return clients;
  };
}

/** The package of the storage client, loaded when it is first used: the bot must be up before every SDK is read. */
export const armStorage = (): typeof import('@azure/arm-storage') => require('@azure/arm-storage');

const armKeyVault = (): typeof import('@azure/arm-keyvault') => require('@azure/arm-keyvault');
const armDns = (): typeof import('@azure/arm-dns') => require('@azure/arm-dns');

const armTrafficManager = (): typeof import('@azure/arm-trafficmanager') =>
  require('@azure/arm-trafficmanager');
/** The package of the deployments client, loaded when it is first used. */
export const armDeployments = (): typeof import('@azure/arm-resourcesdeployments') =>
  require('@azure/arm-resourcesdeployments');

const armResources = (): typeof import('@azure/arm-resources') => require('@azure/arm-resources');

function patient<C extends { readonly pipeline: Pipeline }>(client: C): C {
  withPatience(client.pipeline);
  return client;
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
