import type { Azure } from '../../src/azure/azure';
import type { Operation } from '../../src/azure/operation';
import type { Estate } from '../../src/engine/estate';
import type { Simulator } from '../../src/simulator/simulator';
import { azureAgainst } from './azure-against';
import { beginAndWait } from './begin-and-wait';
import { app, production, server } from './demo-estate';

const secondGroup = { subscriptionId: server.subscriptionId, resourceGroup: 'apprequest-dr' };

/** The second place of the demo's app. */
export const second = {
  server: { ...secondGroup, server: 'sql-apprequest-dr-demo01' },
  app: { ...secondGroup, app: 'apprequest-dr-demo01' },
  healthUrl: 'https://apprequest-dr-demo01.azurewebsites.net/health',
} as const;

export const failoverGroup = 'apprequest-fog';
export const profile = { ...secondGroup, profile: 'apprequest-tm' };
export const zone = { ...secondGroup, resourceGroup: 'contoso-dns', zone: 'contoso.example' };
export const hostName = 'apps.contoso.example';
export const trafficName = 'apprequest-portal.trafficmanager.net';

/** The demo's estate with what Tier 3 has beside it: a Traffic Manager profile in front of both places. */
export const tier3 = (estate: Estate): Estate => ({
  ...estate,
  apps: estate.apps.map((one) => ({
    ...{ ...one, tier: 3, objectives: { rtoMinutes: [15, 30], rpoMinutes: 1 } },
    trafficManager: { resourceGroup: profile.resourceGroup, profile: profile.profile },
  })),
});

/** Does these changes as a person would by hand, one after another. */
export async function byHand(simulator: Simulator, operations: readonly Operation[]): Promise<Azure> {
  const azure = azureAgainst(simulator);
  for (const one of operations) await beginAndWait(azure, one);
  return azure;
}

/** The app has been failed over to its second place, and works there. */
export const failedOver: readonly Operation[] = [
  { op: 'sql.fail-over-group', server: second.server, failoverGroup, how: 'planned' },
  { op: 'app.restart', app: second.app },
  { op: 'app.restart', app },
  { op: 'traffic.set-endpoint', profile, endpoint: 'primary', status: 'Disabled' },
];

/** The database has fallen out of its failover group, and nothing copies it any more: two databases of one name are left. */
export const fallenOut: readonly Operation[] = [
  { op: 'sql.leave-failover-group', server, failoverGroup, database: production },
  { op: 'sql.end-replication', server, database: production, partnerServer: second.server.server },
];

/** What a failover does besides when Azure denies that Traffic Manager, or the name at the second app, is there. */
export const ledByRecord = /\/CNAME\/apps$|\/hostNameBindings\/apps\.contoso\.example$/;

/** Traffic Manager leads people to the second place alone; or the record does, where Azure `denied` Traffic Manager. */
export async function expectLedToSecond(simulator: Simulator, denied = false): Promise<void> {
  const { domain, traffic } = azureAgainst(simulator);
  const target = (await domain.record(zone, 'apps'))?.target;
  if (denied && target === `${second.app.app}.azurewebsites.net`) return;
  expect(target).toBe(trafficName);
  const found = await traffic.profile(profile);
  expect(found?.endpoints.map(({ name, enabled }) => [name, enabled])).toEqual([
    ['primary', false],
    ['secondary', true],
  ]);
}
