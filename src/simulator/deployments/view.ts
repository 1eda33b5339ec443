import { azureNow, type World } from '../world';
import type { DeployedResource, Deployment, DeploymentError } from './deployment';

/** A deployment as Resource Manager shows it; the value of a secure parameter is never given back. */
export function deploymentView(world: World, deployment: Deployment, validated = false): unknown {
  const { name, tags, resources, templateLink, outputs, error } = deployment;
  const id = `${groupPath(world, deployment)}/providers/Microsoft.Resources/deployments/${name}`;
  const made = resources.filter(({ state }) => state === 'Succeeded').map(({ id: of }) => ({ id: of }));
  return {
    ...{ id, name, type: 'Microsoft.Resources/deployments' },
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
    properties: {
      ...(templateLink === undefined ? {} : { templateLink }),
      templateHash: String(Math.abs(hash(JSON.stringify(deployment.template)))),
      parameters: Object.fromEntries(
        Object.entries(deployment.parameters).map(([parameter, { type, value }]) => [
          parameter,
          { type: typeWords(type), ...(/^secure/i.test(type) ? {} : { value }) },
        ]),
      ),
      mode: deployment.mode,
      provisioningState: deployment.state,
      timestamp: deployment.endTime ?? deployment.timestamp,
      duration: durationWords(
        Date.parse(deployment.endTime ?? world.now().toISOString()) - Date.parse(deployment.timestamp),
      ),
      correlationId: deployment.correlationId,
      providers: providersOf(resources),
      dependencies: resources
        .filter(({ after }) => after.length > 0)
        .map((resource) => ({
          dependsOn: resource.after.flatMap((index) => basic(resources[index])),
          ...basic(resource)[0],
        })),
      ...(outputs === undefined ? {} : { outputs }),
      ...(deployment.state === 'Succeeded' && !validated ? { outputResources: made } : {}),
      ...(validated ? { validatedResources: resources.map(({ id: of }) => ({ id: of })) } : {}),
      ...(error === undefined ? {} : { error: errorView(error) }),
    },
  };
}

/** One resource of a deployment as an operation of it. */
export function operationView(world: World, deployment: Deployment, index: number): unknown {
  const resource = deployment.resources[index];
  if (resource === undefined) {
    return undefined;
  }
  const operationId = `${deployment.operationId.replaceAll('-', '').slice(0, 24)}${String(index).padStart(8, '0')}`;
  const state = stateOf(world, deployment, resource);
  const status = state === 'Running' ? 'Accepted' : state === 'Failed' ? 'Conflict' : 'OK';
  return {
    id: `${groupPath(world, deployment)}/providers/Microsoft.Resources/deployments/${deployment.name}/operations/${operationId}`,
    operationId,
    properties: {
      provisioningOperation: 'Create',
      provisioningState: state,
      timestamp: resource.endTime ?? world.now().toISOString(),
      statusCode: status,
      targetResource: {
        id: resource.id,
        resourceType: resource.type,
        resourceName: resource.name,
      },
      ...(resource.error === undefined
        ? {}
        : { statusMessage: { status: 'Failed', error: errorView(resource.error) } }),
    },
  };
}

/** Where a resource is: not begun yet, under way, or how it ended. */
export function stateOf(
  world: World,
  deployment: Deployment,
  resource: DeployedResource,
): 'Waiting' | 'Running' | 'Succeeded' | 'Failed' | 'Skipped' {
  if (resource.state !== 'Waiting') {
    return resource.state;
  }
  const ready = resource.after.every((index) => deployment.resources[index]?.state === 'Succeeded');
  return ready && resource.startsAt <= azureNow(world) && deployment.state === 'Running'
    ? 'Running'
    : 'Waiting';
}

/** An error body with what is inside it. */
export const errorView = ({ code, message, details }: DeploymentError): unknown => ({
  code,
  message,
  ...(details === undefined ? {} : { details: details.map(errorView) }),
});

const groupPath = (world: World, { resourceGroup }: Deployment): string =>
  `/subscriptions/${world.state.subscription.id}/resourceGroups/${resourceGroup}`;

const basic = (resource: DeployedResource | undefined) =>
  resource === undefined
    ? []
    : [{ id: resource.id, resourceType: resource.type, resourceName: resource.name }];

function providersOf(resources: readonly DeployedResource[]): unknown {
  const namespaces = [...new Set(resources.map(({ type }) => type.split('/')[0] ?? ''))];
  return namespaces.map((namespace) => ({
    namespace,
    resourceTypes: [
      ...new Set(
        resources
          .filter(({ type }) => type.startsWith(`${namespace}/`))
          .map(({ type }) => type.slice(namespace.length + 1)),
      ),
    ].map((resourceType) => ({
      resourceType,
      locations: [
        ...new Set(
          resources
            .filter(({ type }) => type === `${namespace}/${resourceType}`)
            .map(({ location }) => location),
        ),
      ],
    })),
  }));
}

const typeWords = (type: string): string =>
  ({ string: 'String', securestring: 'SecureString', int: 'Int', bool: 'Bool', object: 'Object' })[
    type.toLowerCase()
  ] ?? type;

const durationWords = (ms: number): string => `PT${(Math.max(0, ms) / 1000).toFixed(1)}S`;

function hash(text: string): number {
  let value = 0;
  for (const letter of text) {
    value = (value * 31 + letter.charCodeAt(0)) | 0;
  }
  return value;
}
