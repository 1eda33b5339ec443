import { startSimulator } from '../../src/simulator/simulator';
import { openAzure } from '../simulator/azure';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait } from '../support/begin-and-wait';

const application = '00000000-0000-0000-0000-0000000000a2';
const address = `https://graph.microsoft.com/v1.0/applications(appId='${application}')`;
const uri = 'https://apprequest-dr-demo01.azurewebsites.net';

test('a redirect URI that is set rather than added takes all others with it, and nobody can sign in at the old address', async () => {
  const { credential, send } = await openAzure();
  const { token } = await credential.getToken('https://graph.microsoft.com/.default');
  const authorization = { authorization: `Bearer ${token}` };

  const patched = await send('PATCH', address, { spa: { redirectUris: [uri] } }, authorization);

  expect(patched.status).toBe(204);
  const after = await send('GET', address, undefined, authorization);
  expect(after.json).toMatchObject({ spa: { redirectUris: [uri] } });
});

test('our step adds it to those that are there', async () => {
  const simulator = await startSimulator();
  const azure = azureAgainst(simulator);
  const before = (await azure.entra.redirectUris(application)).spa;
  expect(before.length).toBeGreaterThan(1);

  await beginAndWait(azure, { op: 'entra.add-redirect-uri', application, platform: 'spa', uri });

  expect((await azure.entra.redirectUris(application)).spa).toEqual([...before, uri]);
  await simulator.close();
});
