import { beginOperation, endBadly } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError } from '../azure-error';
import { retryAfterSeconds, SECOND } from '../clock';
import { effects } from '../effects';
import type { HostAnswer } from '../host';
import { at, isObject, textAt, textsAt } from '../json';
import type { OperationFault, ResourceGroup } from '../state';
import { azureNow, newId, timeStamp } from '../world';
import { type Deployment, type DeploymentError, deploymentNamed, deploymentsIn } from './deployment';
import { preflight, scheduled } from './schedule';
import { type Prepared, prepare } from './template';
import { deploymentView, errorView, operationView, stateOf } from './view';
import { whatIf } from './what-if';

/** What @azure/arm-resourcesdeployments 2.0.0 sends, and the newest version whose specification is published. */
const deploymentVersions = ['2024-07-01', '2026-06-01', '2025-04-01', '2021-04-01'];

const group = '/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}';
const deployments = `${group}/providers/Microsoft.Resources/deployments`;
const path = `${deployments}/{deploymentName}`;
/** Resource Manager asks clients to wait 15 s between polls. */
const POLL_SECONDS = 15;
const WHAT_IF = 20 * SECOND;

/** Deployments of templates to a resource group (Microsoft.Resources 2024-07-01, Deployments). */
export const deploymentRoutes: readonly Route[] = [
  {
    ...{ operation: 'Deployments_Validate', method: 'POST', path: `${path}/validate` },
    ...{ apiVersions: deploymentVersions, handler: validate },
  },
  {
    ...{ operation: 'Deployments_WhatIf', method: 'POST', path: `${path}/whatIf` },
    ...{ apiVersions: deploymentVersions, handler: startWhatIf },
  },
  {
    ...{ operation: 'Deployments_CreateOrUpdate', method: 'PUT', path },
    ...{ apiVersions: deploymentVersions, handler: deploy },
  },
  {
    ...{ operation: 'Deployments_Get', method: 'GET', path, apiVersions: deploymentVersions },
    handler: (call) => ({ status: 200, body: deploymentView(call.world, find(call)) }),
  },
  {
    ...{ operation: 'Deployments_ListByResourceGroup', method: 'GET', path: deployments },
    apiVersions: deploymentVersions,
    handler: (call) => {
      const all = deploymentsIn(call.world.state, param(call, 'resourceGroupName'));
      return { status: 200, body: { value: all.map((one) => deploymentView(call.world, one)) } };
    },
  },
  {
    ...{ operation: 'Deployments_Cancel', method: 'POST', path: `${path}/cancel` },
    ...{ apiVersions: deploymentVersions, handler: cancel },
  },
  {
    ...{ operation: 'DeploymentOperations_List', method: 'GET' },
    path: `${group}/deployments/{deploymentName}/operations`,
    ...{ apiVersions: deploymentVersions, handler: listOperations },
  },
  {
    ...{ operation: 'DeploymentOperationStatuses_Get', method: 'GET' },
    path: `${path}/operationStatuses/{operationId}`,
    ...{ apiVersions: deploymentVersions, handler: operationStatus },
  },
  {
    ...{ operation: 'SubscriptionOperationResults_Get', method: 'GET' },
    path: '/subscriptions/{subscriptionId}/operationresults/{operationId}',
    ...{ apiVersions: deploymentVersions, handler: operationResult },
  },
];

function groupOf(call: Call): ResourceGroup {
  const found = call.world.state.resourceGroups[param(call, 'resourceGroupName').toLowerCase()];
  if (found === undefined) {
    const said = `Resource group '${param(call, 'resourceGroupName')}' could not be found.`;
    throw new AzureError(404, 'ResourceGroupNotFound', said);
  }
  return found;
}

function find(call: Call): Deployment {
  const [of, name] = [param(call, 'resourceGroupName'), param(call, 'deploymentName')];
  const found = deploymentNamed(call.world.state, of, name);
  if (found === undefined) {
    throw new AzureError(404, 'DeploymentNotFound', `Deployment '${name}' could not be found.`);
  }
  return found;
}

/** The template with its parameters, once the providers have nothing against it either. */
function checked(call: Call): Prepared {
  const name = param(call, 'deploymentName');
  const prepared = prepare(call.world, groupOf(call), name, call.request.body);
  const refused = preflight(call.world, prepared);
  if (refused.length > 0) {
    throw notValid(call, name, refused);
  }
  return prepared;
}

const notValid = (call: Call, name: string, details: readonly DeploymentError[]): AzureError =>
  new AzureError(
    400,
    'InvalidTemplateDeployment',
    `The template deployment '${name}' is not valid according to the validation procedure. The tracking id is '${call.correlationId}'. See inner errors for details.`,
    {},
    details,
  );

function unsent(call: Call, prepared: Prepared): Deployment {
  const { world, request } = call;
  const { template, templateLink, parameters } = prepared;
  return {
    name: param(call, 'deploymentName'),
    ...{ resourceGroup: groupOf(call).name, operationId: '', correlationId: call.correlationId },
    ...{ timestamp: timeStamp(world), mode: textAt(request.body, 'properties', 'mode') ?? 'Incremental' },
    ...{ tags: textsAt(request.body, 'tags') ?? {}, template, parameters, state: 'Running' },
    ...(templateLink === undefined ? {} : { templateLink }),
    resources: [...scheduled(world, prepared, azureNow(world))],
    rights: hasReference(request.body) ? ['Microsoft.KeyVault/vaults/deploy/action'] : [],
  };
}

/** Whether a parameter is taken from a vault: that takes a right on the vault. */
function hasReference(body: unknown): boolean {
  const given = at(body, 'properties', 'parameters');
  return isObject(given) && Object.values(given).some((one) => isObject(one) && 'reference' in one);
}

/** Answers at once, unless something befalls it: then it goes on for as long as a what-if, as Azure's may. */
function validate(call: Call): HostAnswer {
  const fault = call.takeOperationFault();
  const valid: Deployment = { ...unsent(call, checked(call)), state: 'Succeeded' };
  const body = deploymentView(call.world, valid, true);
  return fault === undefined ? { status: 200, body } : answerLater(call, body, fault);
}

function startWhatIf(call: Call): HostAnswer {
  const fault = call.takeOperationFault();
  const changes = whatIf(call.world, checked(call), textAt(call.request.body, 'properties', 'mode') ?? '');
  return answerLater(call, { status: 'Succeeded', properties: { changes } }, fault);
}

function answerLater(call: Call, body: unknown, fault: OperationFault | undefined): HostAnswer {
  const { world } = call;
  const id = newId(world.state);
  world.state.whatIfs[id] = {
    readyAt: azureNow(world) + WHAT_IF,
    stuck: fault !== undefined && 'stuck' in fault,
    body: fault !== undefined && 'fail' in fault ? { status: 'Failed', error: fault.fail } : body,
  };
  return accepted(call, id);
}

const accepted = (call: Call, id: string): HostAnswer => ({
  status: 202,
  headers: {
    location: `https://${call.request.host}/subscriptions/${param(call, 'subscriptionId')}/operationresults/${id}?api-version=${call.apiVersion}`,
    ...retryAfter(call),
  },
});

const retryAfter = (call: Call): Record<string, string> => ({
  'retry-after': String(retryAfterSeconds(call.world.state.clock, POLL_SECONDS)),
});

/** Where `Location` leads: 202 while Resource Manager is at work, then the answer. */
function operationResult(call: Call): HostAnswer {
  const id = param(call, 'operationId').toLowerCase();
  const found = call.world.state.whatIfs[id];
  const deletion = call.world.state.operations[id];
  if (found === undefined && deletion?.collection !== 'resourceGroup') {
    throw new AzureError(404, 'OperationIdNotFound', `The operation with Id '${id}' does not exist.`);
  }
  const waits = found
    ? found.stuck || found.readyAt > azureNow(call.world)
    : deletion?.state === 'InProgress';
  if (waits) {
    return accepted(call, id);
  }
  if (deletion?.error !== undefined) {
    throw new AzureError(409, deletion.error.code, deletion.error.message);
  }
  return found ? { status: 200, body: found.body } : { status: 200 };
}

function deploy(call: Call): HostAnswer {
  const { world } = call;
  const { state } = world;
  const known = deploymentNamed(state, param(call, 'resourceGroupName'), param(call, 'deploymentName'));
  if (known?.state === 'Running') {
    throw new AzureError(
      409,
      'DeploymentActive',
      `The deployment with resource id '${call.request.path}' cannot be saved, because this would overwrite an existing deployment which is still active. Please see https://aka.ms/arm-deploy for usage details.`,
    );
  }
  const begun = unsent(call, checked(call));
  const { resources } = begun;
  const now = azureNow(world);
  const last = Math.max(now, ...resources.map(({ endsAt }) => endsAt));
  const operation = beginOperation(call, {
    ...{ collection: 'deployment', name: 'Deployment', friendlyName: 'DEPLOYMENT', location: 'global' },
    // Resource Manager notices the end of the last one a little later.
    duration: last - now + 2 * SECOND,
    effect: { type: 'deployment.ended', operationId: '' },
    endsIn: 'resource',
  });
  const deployment: Deployment = { ...begun, operationId: operation.id };
  state.operations[operation.id] = {
    ...operation,
    effect: { type: 'deployment.ended', operationId: operation.id },
  };
  // What is made to go wrong with a deployment befalls it as a whole, at its end.
  const { fault: _, ...plain } = operation;
  for (const [index, resource] of resources.entries()) {
    const id = newId(state);
    state.operations[id] = {
      ...plain,
      ...{ id, collection: 'deploymentResource', name: resource.name, friendlyName: resource.type },
      ...{ startedAt: resource.startsAt, duration: resource.endsAt - resource.startsAt, result: null },
      effect: { type: 'deployment.resource', operationId: operation.id, resource: index },
      event: { ...operation.event, resourceId: resource.id, operationName: `${resource.type}/write` },
    };
  }
  state.deployments = [...state.deployments.filter((one) => one !== known), deployment];
  const status = `https://${call.request.host}${call.request.path}/operationStatuses/${operation.id}?api-version=${call.apiVersion}`;
  return {
    status: known === undefined ? 201 : 200,
    headers: { 'azure-asyncoperation': status, ...retryAfter(call) },
    body: deploymentView(world, deployment),
  };
}

function operationStatus(call: Call): HostAnswer {
  const deployment = find(call);
  if (deployment.operationId !== param(call, 'operationId').toLowerCase()) {
    throw new AzureError(404, 'OperationIdNotFound', 'The operation does not exist.');
  }
  const { state: status, error } = deployment;
  const body = { status, ...(error === undefined ? {} : { error: errorView(error) }) };
  return { status: 200, headers: status === 'Running' ? retryAfter(call) : {}, body };
}

function listOperations(call: Call): HostAnswer {
  const deployment = find(call);
  const value = deployment.resources.flatMap((resource, index) =>
    ['Waiting', 'Skipped'].includes(stateOf(call.world, deployment, resource))
      ? []
      : [operationView(call.world, deployment, index)],
  );
  return { status: 200, body: { value } };
}

function cancel(call: Call): HostAnswer {
  const { world } = call;
  const deployment = find(call);
  const operation = world.state.operations[deployment.operationId];
  if (deployment.state !== 'Running' || operation === undefined) {
    throw new AzureError(
      409,
      'DeploymentCannotBeCancelled',
      `The deployment '${deployment.name}' cannot be cancelled because its provisioning state is '${deployment.state}'.`,
    );
  }
  const error = { code: 'DeploymentCanceled', message: 'The deployment was cancelled by a user.' };
  endBadly(world, effects, operation, 'Cancelled', error, timeStamp(world));
  return { status: 204 };
}
