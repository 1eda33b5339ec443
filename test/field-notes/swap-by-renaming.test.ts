import { SqlManagementClient } from '@azure/arm-sql';
import { DefaultAzureCredential } from '@azure/identity';
import { scenarios } from '../scenarios/restore-database';
import { pointAt } from '../support/azure-against';
import { production, server } from '../support/demo-estate';
import { openTheatre, type Theatre } from '../support/theatre/theatre';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
}, 60_000);
afterAll(() => theatre.close());

const replicated = scenarios.find(({ words }) => words === 'deleted rows in a failover group');

/** The document's first line of Option A: `az sql db rename --name AppRequestPortal --new-name AppRequestPortal-Old`. */
async function renameAsTheDocumentSays(): Promise<unknown> {
  pointAt(theatre.simulator);
  const { subscriptionId, resourceGroup } = server;
  const sql = new SqlManagementClient(new DefaultAzureCredential(), subscriptionId);
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Sql/servers/${server.server}/databases/${production}-Old`;
  return sql.databases.rename(resourceGroup, server.server, production, { id });
}

test('the document renames a replicated database, which Azure refuses; our plan takes the replication off and puts it back', async () => {
  if (!replicated) throw new Error('There is no scenario of a failover group.');
  theatre.simulator.reset('tier3');
  await expect(renameAsTheDocumentSays()).rejects.toMatchObject({
    ...{ statusCode: 409, code: 'InvalidOperationForDatabaseInReplicationRelationship' },
  });
  expect(theatre.simulator.estate().databases.map(({ name }) => name)).toContain(production);

  const { state, pauses } = await theatre.play(replicated);

  expect([state.finished?.outcome, pauses]).toEqual(['completed', []]);
  const steps = state.plan?.stages.filter(({ kind }) => kind === 'step').map(({ name }) => name) ?? [];
  const order = ['leave-failover-group', 'end-replication', 'set-aside', 'swap-in', 'join-failover-group'];
  expect(steps.filter((name) => order.includes(name))).toEqual(order);
  await replicated.recovered(theatre.simulator);
}, 60_000);
