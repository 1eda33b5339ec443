import type { Azure } from '../../src/azure/azure';
import type { FakeState } from './fake-azure';

/** Everything that the small Azure holds is in one group. */
export const fakeResources = (state: FakeState): Azure['resources'] => ({
  inGroup: async ({ subscriptionId, resourceGroup }) => {
    const of = (type: string, name: string) => ({
      ...{ name, type, location: 'eastus' },
      id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`,
    });
    return [
      ...Object.keys(state.databases).map((server) => of('Microsoft.Sql/servers', server)),
      of('Microsoft.Web/sites', 'web-shop'),
    ];
  },
});
