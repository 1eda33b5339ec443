import { type Call, param, type Route } from '../arm/route';
import { azureTimeAt, MINUTE } from '../clock';
import type { HostAnswer } from '../host';
import { sameName } from '../resource-id';
import { serverId } from '../sql/servers';
import { accountId } from '../storage/account-view';
import { siteId } from '../web/sites';
import { azureNow, type World } from '../world';

/** How long Azure Resource Health takes until it reports a failure that it was not told of, in Azure milliseconds. */
const NOTICES_AFTER = 3 * MINUTE;

/**
 * Azure Resource Health (Microsoft.ResourceHealth 2020-05-01, AvailabilityStatuses_ListByResourceGroup). It is a
 * global service and answers while a region is down; it reports a failure some minutes late.
 */
export const availabilityRoutes: readonly Route[] = [
  {
    operation: 'AvailabilityStatuses_ListByResourceGroup',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ResourceHealth/availabilityStatuses',
    apiVersions: ['2020-05-01'],
    handler: list,
  },
];

/** A resource whose health Azure follows: where it is, and what is wrong with it itself. */
interface Followed {
  readonly id: string;
  readonly group: string;
  readonly region: string;
  /** When the service itself failed; null while it works. */
  readonly outageSince: string | null;
  /** Stopped by its owner, which is no failure. */
  readonly stopped: boolean;
}

function followed(world: World): readonly Followed[] {
  const { state } = world;
  const well = { outageSince: null, stopped: false };
  return [
    ...Object.values(state.sites).map((site) => ({
      ...{ id: siteId(world, site), group: site.resourceGroup, region: site.location, outageSince: null },
      stopped: site.state === 'Stopped',
    })),
    ...state.databases
      .filter(({ system }) => !system)
      .flatMap((database) => {
        const server = state.servers[database.server.toLowerCase()];
        return server === undefined
          ? []
          : [
              {
                ...{ id: `${serverId(world, server)}/databases/${database.name}`, ...well },
                ...{ group: server.resourceGroup, region: server.location },
              },
            ];
      }),
    ...Object.values(state.vaults)
      .filter(({ deletedDate }) => deletedDate === undefined)
      .map((vault) => ({
        id: `/subscriptions/${state.subscription.id}/resourceGroups/${vault.resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault.name}`,
        ...{ group: vault.resourceGroup, region: vault.location, ...well },
      })),
    ...Object.values(state.storageAccounts).map((account) => ({
      ...{ id: accountId(world, account), group: account.resourceGroup, region: account.primaryLocation },
      ...{ outageSince: account.outageSince, stopped: false },
    })),
  ];
}

function list(call: Call): HostAnswer {
  const group = param(call, 'resourceGroupName');
  const value = followed(call.world)
    .filter((one) => sameName(one.group, group))
    .map((one) => view(call.world, one));
  return { status: 200, body: { value } };
}

function view(world: World, one: Followed): unknown {
  const { id, region, stopped } = one;
  const since = failedSince(world, one);
  const common = {
    reportedTime: world.now().toISOString(),
    reasonChronicity: 'Persistent',
    recommendedActions: [],
  };
  const properties =
    since !== null
      ? {
          ...{ availabilityState: 'Unavailable', reasonType: 'Unplanned', occuredTime: since, ...common },
          summary: 'We are investigating: this resource is unavailable because of a problem of the platform.',
        }
      : stopped
        ? {
            ...{ availabilityState: 'Unavailable', reasonType: 'UserInitiated', ...common },
            summary: 'This resource was stopped at the request of an authorized user.',
          }
        : {
            ...{ availabilityState: 'Available', reasonType: '', ...common },
            summary: "There aren't any known Azure platform problems affecting this resource.",
          };
  return {
    id: `${id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    name: 'current',
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location: region,
    properties,
  };
}

/** Since when a failure of the region or of the service is known to Resource Health; null when none is. */
function failedSince(world: World, { region, outageSince }: Followed): string | null {
  const noticed = [world.state.regionsDown[region], outageSince ?? undefined].filter(
    (time): time is string =>
      time !== undefined &&
      azureTimeAt(world.state.clock, Date.parse(time)) + NOTICES_AFTER <= azureNow(world),
  );
  return noticed.sort()[0] ?? null;
}
