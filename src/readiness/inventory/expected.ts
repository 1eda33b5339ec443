import type { ResourceGroupRef } from '../../azure/refs';
import {
  databaseResourceId,
  sqlServerId,
  storageAccountId,
  vaultId,
  webAppId,
} from '../../azure/resource-id';
import type { ProtectedApp } from '../../engine/estate';

/** A resource that the estate file names, and where Azure should have it. */
export interface Expected {
  readonly what: string;
  readonly name: string;
  readonly group: ResourceGroupRef;
  readonly id: string;
  /** Where it should be; null for what is in no region. */
  readonly region: string | null;
  /** True for what may not be there yet: it is made when the app is brought up in its secondary region. */
  readonly later: boolean;
}

/** Everything that the estate file names of an app in Azure. */
export function expectedOf(app: ProtectedApp): readonly Expected[] {
  const at = (region: string | null, later = false) => ({ region, later });
  const { subscriptionId, secondary, trafficManager, domain } = app;
  const inGroup = (resourceGroup: string, type: string, name: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
  return [
    ...siteResources(app, app.database, at(app.primaryRegion)),
    ...(secondary
      ? siteResources(secondary, app.database, at(app.secondaryRegion, app.tier === 2)).map((one) => ({
          ...one,
          what: `${one.what} (secondary)`,
        }))
      : []),
    ...(trafficManager
      ? [
          {
            ...{ what: 'Traffic Manager profile', name: trafficManager.profile, ...at(null) },
            group: { subscriptionId, resourceGroup: trafficManager.resourceGroup },
            id: inGroup(
              trafficManager.resourceGroup,
              'Microsoft.Network/trafficManagerProfiles',
              trafficManager.profile,
            ),
          },
        ]
      : []),
    ...(domain
      ? [
          {
            ...{ what: 'DNS zone', name: domain.zone, ...at(null) },
            group: { subscriptionId, resourceGroup: domain.zoneResourceGroup },
            id: inGroup(domain.zoneResourceGroup, 'Microsoft.Network/dnsZones', domain.zone),
          },
        ]
      : []),
  ];
}

function siteResources(
  { sqlServer, webApp, vault, storage }: Pick<ProtectedApp, 'sqlServer' | 'webApp' | 'vault' | 'storage'>,
  database: string,
  place: Pick<Expected, 'region' | 'later'>,
): readonly Expected[] {
  const one = (what: string, name: string, group: ResourceGroupRef, id: string): Expected => ({
    ...{ what, name, id, ...place },
    group: { subscriptionId: group.subscriptionId, resourceGroup: group.resourceGroup },
  });
  return [
    one('SQL server', sqlServer.server, sqlServer, sqlServerId(sqlServer)),
    one('Database', database, sqlServer, databaseResourceId(sqlServer, database)),
    one('App Service', webApp.app, webApp, webAppId(webApp)),
    one('Key Vault', vault.vault, vault, vaultId(vault)),
    one('Storage account', storage.account, storage, storageAccountId(storage)),
  ];
}
