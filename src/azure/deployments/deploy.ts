import type { Deployment } from '@azure/arm-resourcesdeployments';
import { armDeployments } from '../clients';
import type { Connection } from '../connection';
import { modularPoller } from '../modular-poller';
import {
  type Begun,
  type Look,
  lookToken,
  type OperationHandler,
  type OperationOf,
  type Sent,
} from '../operation';
import { pollByLooking } from '../poll-by-looking';
import {
  type DeploymentRef,
  deploymentWords,
  lookAtDeployment,
  percentMade,
  requestTag,
} from './deployment-state';
import { bodyOf } from './request';

type Deploy = OperationOf<'deployment.deploy'>;

/** Deployments_CreateOrUpdate: the template's resources come to be, side by side where they can. */
export const deploy = (azure: Connection): OperationHandler<Deploy> => ({
  rest: ({ group, name, template }) =>
    `PUT /resourcegroups/${group.resourceGroup}/…/deployments/${name} (Incremental, ${'uri' in template ? template.uri : template.file})`,
  target: ({ group }) => group.resourceGroup,
  look: (operation, sent) => look(azure, operation, sent),
  begin: async (operation, sent) => beginDeployment(azure, operation, await bodyOf(azure, operation), sent),
  poll: (operation) => pollByLooking(operation, operation.name, (one, sent) => look(azure, one, sent)),
});

/** Sends a deployment; from then on it tells by itself how it is, so that no token is needed. */
export async function beginDeployment(
  azure: Connection,
  { group, name }: DeploymentRef,
  body: Deployment,
  sent: Sent,
): Promise<Begun> {
  const client = azure.clients(group.subscriptionId).deployments;
  const request = { ...body, tags: { [requestTag]: sent.requestId } };
  const words = { doing: 'Beginning', resource: deploymentWords(name) };
  await azure.call(words, (abortSignal) =>
    modularPoller(
      {
        begin: (options) => client.deployments.createOrUpdate(group.resourceGroup, name, request, options),
        restore: (token, options) =>
          armDeployments().restorePoller(client, token, client.deployments.createOrUpdate, options),
      },
      { abortSignal, requestOptions: { customHeaders: { 'x-ms-client-request-id': sent.requestId } } },
    ),
  );
  return { state: 'accepted', token: lookToken };
}

/** How it is, and while it is under way how many of its resources are there. */
async function look(azure: Connection, operation: Deploy, sent: Sent): Promise<Look> {
  const seen = await lookAtDeployment(azure, operation, sent);
  if (seen.state !== 'under way') return seen;
  // Progress is for people: not knowing it must not stop the looking.
  const percent = await percentMade(azure, operation, operation.resources).catch(() => null);
  return { ...seen, percent };
}
