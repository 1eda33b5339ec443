import { DnsManagementClient } from '@azure/arm-dns';
import { demoSubscription } from '../../src/simulator/seed';
import { app, codeOf, group, handClock, openAzure } from './azure';

const host = 'apps.contoso.example';
const zone = ['contoso-dns', 'contoso.example'] as const;
const plan = `/subscriptions/${demoSubscription}/resourceGroups/${group}/providers/Microsoft.Web/serverfarms/asp-apprequest-prod`;

async function openDomain(options: Parameters<typeof openAzure>[0] = {}) {
  const azure = await openAzure(options);
  const dns = new DnsManagementClient(azure.credential, demoSubscription, azure.common);
  const point = (cname: string, more: object = {}) =>
    dns.recordSets.createOrUpdate(...zone, 'apps', 'CNAME', { ttl: 300, cnameRecord: { cname } }, more);
  const knock = () => azure.send('GET', `https://${host}/health`).then(({ status }) => status);
  return { ...azure, dns, point, knock };
}

test('the app answers under its own domain as long as the record leads to it', async () => {
  const { knock, point } = await openDomain();
  expect(await knock()).toBe(200);

  await point('nobody.azurewebsites.net');

  expect(await knock()).toBe(404);
});

test('resolvers keep the old answer as long as the TTL says', async () => {
  const clock = handClock();
  const { knock, point } = await openDomain({ speed: 1, now: clock.now });

  await point('nobody.azurewebsites.net');
  expect(await knock()).toBe(200);

  clock.advance(301_000);
  expect(await knock()).toBe(404);
});

test('a record is changed only over the ETag that was read, and made only where none is', async () => {
  const { dns, point } = await openDomain();
  const { etag = '' } = await dns.recordSets.get(...zone, 'apps', 'CNAME');
  await point('first.azurewebsites.net', { ifMatch: etag });

  await expect(point('second.azurewebsites.net', { ifMatch: etag })).rejects.toMatchObject({
    statusCode: 412,
    code: 'PreconditionFailed',
  });
  await expect(point('second.azurewebsites.net', { ifNoneMatch: '*' })).rejects.toMatchObject({
    statusCode: 412,
  });
});

test('an app takes a host name only from its owner: a TXT record, or the name leads to it already', async () => {
  const { dns, web } = await openDomain();
  await web.webApps.deleteHostNameBinding(group, app, host);
  await dns.recordSets.delete(...zone, 'asuid.apps', 'TXT');
  await web.webApps.createOrUpdateHostNameBinding(group, app, host, { siteName: app });

  const stranger = web.webApps.createOrUpdateHostNameBinding(group, app, 'other.contoso.example', {});

  await expect(stranger).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringMatching(/^A TXT record pointing from asuid\.other\.contoso\.example to /),
  });
});

test('a managed certificate is not issued before DNS leads to the app', async () => {
  const { point, web } = await openDomain();
  const issue = () =>
    web.certificates.createOrUpdate(group, 'new', {
      ...{ location: 'eastus', serverFarmId: plan, canonicalName: host, hostNames: [host] },
    });
  await point('nobody.azurewebsites.net');
  await expect(issue()).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining('has an active CNAME record'),
  });

  await point(`${app}.azurewebsites.net`);

  expect((await issue()).thumbprint).toMatch(/^[0-9A-F]{40}$/);
});

test('a host name without a certificate is of no use to anybody', async () => {
  const { knock, web } = await openDomain();
  await web.webApps.createOrUpdateHostNameBinding(group, app, host, { siteName: app });

  await expect(knock()).rejects.toThrow();
});

test('a certificate is bound only to the name that it is for', async () => {
  const { web } = await openDomain();

  const binding = web.webApps.createOrUpdateHostNameBinding(group, app, host, {
    ...{ siteName: app, sslState: 'SniEnabled', thumbprint: '0'.repeat(40) },
  });

  await expect(binding).rejects.toMatchObject({ statusCode: 404 });
});

test('a global resource cannot be changed while the region of its resource group is down', async () => {
  const { arm, point, simulator } = await openDomain();
  simulator.regionDown('centralus');

  await expect(point('x.azurewebsites.net')).rejects.toMatchObject({ statusCode: 504 });
  const zoneId = `/subscriptions/${demoSubscription}/resourceGroups/contoso-dns/providers/Microsoft.Network/dnsZones/contoso.example`;
  expect((await arm('GET', zoneId, { version: '2018-05-01' })).status).toBe(200);
  expect(codeOf(await arm('GET', `${zoneId}/CNAME/none`, { version: '2018-05-01' }))).toBe('NotFound');
});
