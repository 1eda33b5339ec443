import { WebSiteManagementClient } from '@azure/arm-appservice';
import { ManagementLockClient } from '@azure/arm-locks';
import { MonitorClient } from '@azure/arm-monitor';
import { SqlManagementClient } from '@azure/arm-sql';
import type { TokenCredential } from '@azure/identity';
import { withPatience } from './patience';

/** The SDK clients of one subscription. */
export interface Clients {
  readonly sql: SqlManagementClient;
  readonly web: WebSiteManagementClient;
  readonly locks: ManagementLockClient;
  readonly monitor: MonitorClient;
}

const options = { userAgentOptions: { userAgentPrefix: 'dr-bot' } };

/** The clients of a subscription, made once for each and with our rule about sending again. */
export function clientsOf(credential: TokenCredential): (subscriptionId: string) => Clients {
  const made = new Map<string, Clients>();
  return (subscriptionId) => {
    const existing = made.get(subscriptionId);
    if (existing) return existing;
    const clients: Clients = {
      sql: new SqlManagementClient(credential, subscriptionId, options),
      web: new WebSiteManagementClient(credential, subscriptionId, options),
      locks: new ManagementLockClient(credential, subscriptionId, options),
      monitor: new MonitorClient(credential, subscriptionId, options),
    };
    for (const client of Object.values(clients)) withPatience(client.pipeline);
    made.set(subscriptionId, clients);
    return clients;
  };
}
