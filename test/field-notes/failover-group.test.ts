import type { Azure } from '../../src/azure/azure';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { codeOf, drServerPath, openAzure, portal, serverPath } from '../simulator/azure';
import { azureAgainst } from '../support/azure-against';
import { beginAndWait } from '../support/begin-and-wait';
import { production, server } from '../support/demo-estate';
import { failoverGroup, second } from '../support/tier3-estate';

const version = '2020-11-01-preview';
const partnerServers = [{ id: drServerPath }];

/** The production adapters on a simulator of their own. */
async function adapters(): Promise<{ readonly simulator: Simulator; readonly azure: Azure }> {
  const simulator = await startSimulator({ seed: 'tier3', speed: 100_000 });
  return { simulator, azure: azureAgainst(simulator) };
}

test('a new failover group holds no databases until they are added: the document’s command protects nothing, our plan adds them', async () => {
  const { arm, sql } = await openAzure({ seed: 'tier3' });
  await sql.failoverGroups.beginDeleteAndWait('apprequest-prod', server.server, failoverGroup);
  // `az sql failover-group create … --failover-policy Automatic --grace-period 1`, without --add-db.
  await arm('PUT', `${serverPath}/failoverGroups/${failoverGroup}`, {
    version,
    body: {
      properties: {
        readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 60 },
        ...{ partnerServers, databases: [] },
      },
    },
  });
  expect((await sql.failoverGroups.get('apprequest-prod', server.server, failoverGroup)).databases).toEqual(
    [],
  );

  const { azure, simulator } = await adapters();
  const member = { server, failoverGroup, database: production } as const;
  await beginAndWait(azure, { op: 'sql.leave-failover-group', ...member });
  const created = {
    op: 'sql.create-failover-group',
    server,
    failoverGroup: 'new-fog',
    partner: second.server,
  } as const;
  await beginAndWait(azure, created);
  await beginAndWait(azure, { op: 'sql.join-failover-group', ...member, failoverGroup: 'new-fog' });
  const group = (await azure.sql.failoverGroups(server)).find(({ name }) => name === 'new-fog');
  expect(group).toMatchObject({ databases: [production], policy: 'Manual', graceMinutes: null });
  await simulator.close();
});

test.each([
  ['no grace at all', { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 0 }],
  ['"1" meant as a minute', { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 1 }],
  [
    'a grace period with the policy Manual',
    { failoverPolicy: 'Manual', failoverWithDataLossGracePeriodMinutes: 60 },
  ],
])('the grace period is hours, and at least one: %s is refused', async (_words, readWriteEndpoint) => {
  const { arm } = await openAzure({ seed: 'tier3' });

  const answer = await arm('PUT', `${serverPath}/failoverGroups/hasty`, {
    version,
    body: { properties: { readWriteEndpoint, partnerServers, databases: [] } },
  });

  expect([answer.status, codeOf(answer)]).toEqual([
    400,
    expect.stringMatching(/^FailoverGroupCreateOrUpdateRequestInvalid/),
  ]);
});

test('a failover is asked of the secondary: where a script runs it on the primary, Azure refuses', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });
  const naive = await arm('POST', `${serverPath}/failoverGroups/${failoverGroup}/failover`, { version });
  expect([naive.status, codeOf(naive)]).toEqual([400, 'FailoverGroupFailoverRequestOnPrimary']);

  const { azure, simulator } = await adapters();
  await beginAndWait(azure, {
    op: 'sql.fail-over-group',
    server: second.server,
    failoverGroup,
    how: 'planned',
  });
  expect(await azure.sql.failoverGroups(second.server)).toMatchObject([{ role: 'Primary' }]);
  await simulator.close();
});

test('a member of a failover group cannot be renamed, in whichever region it leads', async () => {
  const { arm } = await openAzure({ seed: 'tier3' });

  const answer = await arm('POST', `${portal}/move`, { body: { id: `${portal}-Old` } });

  expect([answer.status, codeOf(answer)]).toEqual([
    409,
    'InvalidOperationForDatabaseInReplicationRelationship',
  ]);
});
