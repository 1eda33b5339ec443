import { createGroup, createServer, drGroup, drServer } from '../demo-region';
import { byHand, failoverGroup, hostName, profile, second, trafficName, zone } from '../tier3-estate';
import { type Drift, impossible, lockOn } from './drift';

const rebuild = 'failover-region: a region that is lost, with nothing in the second one';
const tier3 = 'failover-region: Tier 3, while both regions answer';
const lost = 'failover-region: Tier 3, with the first region lost';
const back = 'failback-region: an app behind Traffic Manager';
const application = '00000000-0000-0000-0000-0000000000a2';
const aSha256 = expect.stringMatching(/^[0-9a-f]{64}$/);

/** What can change about two regions between an approval and the change that it permits. */
export const driftsOfRegions: readonly Drift[] = [
  {
    ...{ what: 'the primary region comes back', during: rebuild },
    happens: (simulator) => simulator.regionUp('eastus'),
    ...{ field: 'green in the primary region', was: false, is: true },
  },
  {
    ...{ what: 'somebody makes the resource group', during: rebuild },
    happens: (simulator) =>
      byHand(simulator, [{ op: 'group.create', group: drGroup, location: 'westus2', run: 'by-hand' }]),
    ...{ field: 'resource group there', was: 'none', is: 'westus2' },
  },
  {
    ...{ what: 'the DNS record is led elsewhere', during: rebuild },
    happens: (_simulator, { dns }) =>
      dns.recordSets.createOrUpdate(zone.resourceGroup, zone.zone, 'apps', 'CNAME', {
        ...{ ttl: 300, cnameRecord: { cname: 'sorry.contoso.example' } },
      }),
    ...{ field: hostName, was: expect.any(String), is: 'sorry.contoso.example' },
  },
  {
    ...{ what: 'a redirect URI is added to the Entra application', during: rebuild },
    happens: (simulator) =>
      byHand(simulator, [
        { op: 'entra.add-redirect-uri', application, platform: 'spa', uri: 'https://other.contoso.example' },
      ]),
    field: 'redirect URIs (spa) of App Store for Intune',
    was: expect.not.arrayContaining(['https://other.contoso.example']),
    is: expect.arrayContaining(['https://other.contoso.example']),
  },
  {
    ...{ what: 'the primary region is lost before the planned failover', during: tier3 },
    happens: (simulator) => simulator.regionDown('eastus'),
    ...{ field: 'failover', was: 'planned', is: 'forced' },
  },
  {
    ...{ what: 'the lost region comes back before the forced failover', during: lost },
    happens: (simulator) => simulator.regionUp('eastus'),
    ...{ field: 'failover', was: 'forced', is: 'planned' },
  },
  {
    ...{ what: 'somebody fails the group over', during: tier3 },
    happens: (simulator) =>
      byHand(simulator, [
        { op: 'sql.fail-over-group', server: second.server, failoverGroup, how: 'planned' },
      ]),
    ...{ field: 'led from', was: 'eastus', is: 'westus2' },
  },
  {
    ...{
      what: 'the second place is locked against deletion',
      during: 'failover-region: an exercise while the first region is well',
    },
    happens: async (simulator, azure) => {
      await byHand(simulator, [{ op: 'group.create', group: drGroup, location: 'westus2', run: 'by-hand' }]);
      await lockOn(drGroup.resourceGroup)(simulator, azure);
    },
    ...{ field: 'locks there', was: [], is: ['audit (CanNotDelete)'] },
  },
  {
    ...{ what: 'the app that would be restarted in the second place is locked', during: tier3 },
    happens: lockOn(
      `${second.app.resourceGroup}/providers/Microsoft.Web/sites/${second.app.app}`,
      'ReadOnly',
    ),
    ...{ ...impossible, is: expect.stringContaining('forbids failing over to westus2') },
  },
  {
    ...{ what: 'another version of the template is published', during: rebuild },
    happens: (simulator) =>
      simulator.publishTemplate((template) => ({ ...template, contentVersion: '2.0.0.0' })),
    ...{ field: 'template', was: aSha256, is: aSha256 },
  },
  {
    ...{ what: 'somebody makes the SQL server, and locks it', during: rebuild },
    happens: async (simulator, azure) => {
      await byHand(simulator, [createGroup, createServer]);
      const { resourceGroup, server } = drServer;
      await lockOn(`${resourceGroup}/providers/Microsoft.Sql/servers/${server}`, 'ReadOnly')(
        simulator,
        azure,
      );
    },
    ...{ ...impossible, is: expect.stringContaining('forbids every change there') },
  },
  {
    ...{ what: 'the primary region is lost again before the failback', during: back },
    happens: (simulator) => simulator.regionDown('eastus'),
    ...{ ...impossible, is: expect.stringContaining('Going back needs both sides') },
  },
  {
    ...{ what: 'the DNS record is led past Traffic Manager', during: back },
    happens: (_simulator, { dns }) =>
      dns.recordSets.createOrUpdate(zone.resourceGroup, zone.zone, 'apps', 'CNAME', {
        ...{ ttl: 300, cnameRecord: { cname: 'sorry.contoso.example' } },
      }),
    ...{ field: hostName, was: trafficName, is: 'sorry.contoso.example' },
  },
  {
    ...{ what: 'the second place is taken out of Traffic Manager too', during: back },
    happens: (simulator) =>
      byHand(simulator, [{ op: 'traffic.set-endpoint', profile, endpoint: 'secondary', status: 'Disabled' }]),
    field: 'Traffic Manager',
    was: ['primary disabled, priority 1', 'secondary enabled, priority 2'],
    is: ['primary disabled, priority 1', 'secondary disabled, priority 2'],
  },
];
