import type { EffectsOf } from '../arm/operations';
import { AzureError } from '../azure-error';
import { isObject, type JsonObject } from '../json';
import { readResourceId } from '../resource-id';
import type { World } from '../world';
import { deleteGroup } from './delete-group';
import type { DeployedResource, Deployment, DeploymentEffect, DeploymentError } from './deployment';
import { evaluate } from './evaluate';
import { TemplateError } from './expression';
import type { Scope } from './functions';
import { resourceType } from './resource-types';
import { namedOf, regionDown } from './schedule';
import { scopeOf } from './template';

/** What each long-running operation of Resource Manager itself does when it ends. */
export const deploymentEffects: EffectsOf<DeploymentEffect> = {
  'deployment.resource': {
    succeed: (world, { operationId, resource }, time) => {
      const deployment = withOperation(world, operationId);
      const made = deployment?.resources[resource];
      if (deployment !== undefined && made !== undefined) {
        makeResource(world, deployment, made, time);
      }
    },
  },
  'deployment.ended': {
    succeed: (world, { operationId }, time) => {
      const deployment = withOperation(world, operationId);
      if (deployment?.state === 'Running') {
        finish(world, deployment, time);
      }
    },
    fail: (world, { operationId }) => {
      const deployment = withOperation(world, operationId);
      const operation = world.state.operations[operationId];
      if (deployment?.state === 'Running') {
        deployment.state = operation?.state === 'Cancelled' ? 'Canceled' : 'Failed';
        deployment.endTime = operation?.endTime ?? world.now().toISOString();
        deployment.error = deploymentFailed(operation?.error ? [operation.error] : []);
      }
    },
  },
  'resourceGroup.deleted': {
    succeed: (world, { group }) => deleteGroup(world, group),
    // What could not be deleted is there as before.
    fail: (world, { group }) => {
      const known = world.state.resourceGroups[group.toLowerCase()];
      if (known === undefined) return;
      const { deleting: _deleting, ...kept } = known;
      world.state.resourceGroups[group.toLowerCase()] = kept;
    },
  },
};

const withOperation = (world: World, operationId: string): Deployment | undefined =>
  world.state.deployments.find((one) => one.operationId === operationId);

function makeResource(world: World, deployment: Deployment, resource: DeployedResource, time: string): void {
  const waited = resource.after.map((index) => deployment.resources[index]);
  if (deployment.state !== 'Running' || waited.some((before) => before?.state !== 'Succeeded')) {
    resource.state = 'Skipped';
    return;
  }
  resource.endTime = time;
  const error = tryToMake(world, deployment, resource);
  if (error === undefined) {
    resource.state = 'Succeeded';
  } else {
    resource.state = 'Failed';
    resource.error = error;
  }
}

function tryToMake(
  world: World,
  deployment: Deployment,
  resource: DeployedResource,
): DeploymentError | undefined {
  const type = resourceType(resource.type);
  const named = namedOf(resource);
  if (type === undefined || world.state.regionsDown[resource.location] !== undefined) {
    return regionDown(resource);
  }
  const refused = type.refuses?.(world, named);
  if (refused !== undefined) {
    return refused;
  }
  try {
    const { type: _type, name: _name, dependsOn: _after, condition: _condition, ...raw } = resource.raw;
    const body = evaluate(raw, runtimeScope(world, deployment));
    need(deployment, `${resource.type}/write`, ...(type.alsoNeeds ?? []));
    type.make(world, { ...named, body: isObject(body) ? body : {} });
    return undefined;
  } catch (error) {
    return errorOf(error, resource);
  }
}

function errorOf(error: unknown, { name }: DeployedResource): DeploymentError {
  if (error instanceof AzureError) {
    return { code: error.code, message: error.message };
  }
  if (error instanceof TemplateError) {
    return {
      code: 'InvalidTemplate',
      message: `Unable to process template language expressions for resource '${name}' at line '1' and column '1'. '${error.message}'`,
    };
  }
  throw error;
}

function need(deployment: Deployment, ...rights: readonly string[]): void {
  deployment.rights = [...new Set([...deployment.rights, ...rights])];
}

/** While a deployment runs, its functions may ask what the resources are like that are there by now. */
function runtimeScope(world: World, deployment: Deployment): Scope {
  const { resourceGroup, name, template, parameters } = deployment;
  const group = world.state.resourceGroups[resourceGroup.toLowerCase()];
  const known = group ?? { name: resourceGroup, location: '', tags: {} };
  const scope = scopeOf(world, known, name, template, parameters);
  const ask = (id: string) => {
    const found = readResourceId(id);
    const kind = `${found?.provider}/${found?.type}`;
    const type = resourceType(kind);
    const names = found?.names ?? [];
    const properties = type?.properties(world, names);
    if (type === undefined || properties === undefined) {
      throw new AzureError(
        404,
        'ResourceNotFound',
        `The Resource '${found?.provider}/${found?.type}/${names.join('/')}' under resource group '${found?.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      );
    }
    return { type, names, properties, kind };
  };
  const asking: Scope = {
    ...scope,
    reference: (id, full) => {
      const { type, names, properties, kind } = ask(id);
      need(deployment, `${kind}/read`);
      return full ? { properties, identity: type.identity?.(world, names) ?? {} } : properties;
    },
    listKeys: (id) => {
      const { type, names, kind } = ask(id);
      need(deployment, `${kind}/listKeys/action`);
      return type.keys?.(world, names);
    },
    // A variable may ask as well.
    variable: (wanted) => {
      const variables = template['variables'];
      return evaluate(isObject(variables) ? (variables[wanted] ?? '') : '', asking);
    },
  };
  return asking;
}

function finish(world: World, deployment: Deployment, time: string): void {
  const failed = deployment.resources.filter((resource) => resource.state === 'Failed');
  const operation = world.state.operations[deployment.operationId];
  deployment.endTime = time;
  try {
    deployment.outputs = failed.length > 0 ? {} : outputsOf(world, deployment);
  } catch (error) {
    const [last] = deployment.resources;
    if (last !== undefined) {
      failed.push({ ...last, error: errorOf(error, last) });
    }
  }
  if (failed.length === 0) {
    deployment.state = 'Succeeded';
    return;
  }
  deployment.state = 'Failed';
  deployment.error = deploymentFailed(failed.flatMap(({ error }) => (error === undefined ? [] : [error])));
  if (operation !== undefined) {
    operation.state = 'Failed';
    operation.error = { code: deployment.error.code, message: deployment.error.message };
  }
}

const deploymentFailed = (details: readonly DeploymentError[]): DeploymentError => ({
  code: 'DeploymentFailed',
  message:
    'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
  details,
});

function outputsOf(world: World, deployment: Deployment): JsonObject {
  const declared = deployment.template['outputs'];
  const scope = runtimeScope(world, deployment);
  return Object.fromEntries(
    Object.entries(isObject(declared) ? declared : {}).map(([name, output]) => {
      const type = isObject(output) ? String(output['type']) : 'string';
      // What is secret is never given back.
      if (/^secure/i.test(type)) {
        return [name, { type }];
      }
      return [name, { type, value: evaluate(isObject(output) ? output['value'] : '', scope) }];
    }),
  );
}
