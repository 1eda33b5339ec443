import type { Deployment } from '@azure/arm-resourcesdeployments';
import type { Connection } from '../connection';
import { beginDeployment } from '../deployments/deploy';
import { lookAtDeployment } from '../deployments/deployment-state';
import { runTag } from '../deployments/group';
import { secretReference } from '../deployments/request';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { pollByLooking } from '../poll-by-looking';
import { observedProblem } from '../problem';
import type { SqlServerRef } from '../refs';
import { isListed, sqlServer } from './servers';

type CreateServer = OperationOf<'sql.create-server'>;

/**
 * A logical SQL server, made by a deployment of this one resource: so Resource Manager reads the administrator's
 * password from the vault itself, and the bot needs no right to see it (docs/decisions/0014).
 */
export const createServer = (azure: Connection): OperationHandler<CreateServer> => ({
  rest: ({ server, location, password }) =>
    `PUT ${server.server} (${location}, password by reference to ${password.vault.vault}/${password.secret})`,
  target: ({ server }) => server.server,
  look: (operation, sent) => look(azure, operation, sent),
  begin: (operation, sent) => beginDeployment(azure, deploymentOf(operation), bodyOf(operation), sent),
  poll: (operation) =>
    pollByLooking(operation, operation.server.server, (one, sent) => look(azure, one, sent)),
});

const deploymentOf = ({ server, run }: CreateServer) => ({ group: server, name: `dr-${run}-sql-server` });

async function look(azure: Connection, operation: CreateServer, sent: Sent): Promise<Look> {
  const { server, run } = operation;
  const seen = await lookAtDeployment(azure, deploymentOf(operation), sent);
  const found = await sqlServer(azure, server);
  if (seen.state === 'under way') return seen;
  if (!found && seen.state === 'done') return { state: 'absent' };
  if (!found) return seen.state === 'absent' && (await isListed(azure, server)) ? denied(server) : seen;
  // The app's template writes tags of its own; by then the deployment tells that the server is ours.
  if (seen.state === 'done' || found.tags[runTag] === run) return { state: 'done', facts: {} };
  return {
    state: 'blocked',
    problem: observedProblem(
      'NameTaken',
      `There is a SQL server "${found.name}" in ${found.location} already that this run has not made. Nothing was changed. Ask for the scenario again: the plan then builds on it.`,
    ),
  };
}

const denied = ({ server }: SqlServerRef): Look => ({
  state: 'blocked',
  problem: observedProblem(
    'NameTaken',
    `Azure lists a SQL server "${server}", and does not show it. Nothing was changed. Retry when it can be read; if this run has not made it, ask for the scenario again: the plan then builds on it.`,
  ),
});

/** The server alone, let in by nobody: what may reach it comes with the app's own template. */
const bodyOf = ({ server, location, administrator, password, run }: CreateServer): Deployment => ({
  properties: {
    mode: 'Incremental',
    template: {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      parameters: { administratorPassword: { type: 'securestring' } },
      resources: [
        {
          ...{ type: 'Microsoft.Sql/servers', apiVersion: '2022-08-01-preview', name: server.server },
          ...{ location, tags: { [runTag]: run } },
          properties: {
            administratorLogin: administrator,
            administratorLoginPassword: "[parameters('administratorPassword')]",
            minimalTlsVersion: '1.2',
          },
        },
      ],
    },
    parameters: { administratorPassword: secretReference(password) },
  },
});
