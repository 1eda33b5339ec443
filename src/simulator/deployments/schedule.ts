import { readResourceId } from '../resource-id';
import type { World } from '../world';
import type { DeployedResource, DeploymentError } from './deployment';
import type { Named } from './resource-type';
import { resourceType } from './resource-types';
import { dependsAs, type Prepared, type TemplateResource } from './template';

/** A resource as its provider is told of it before its properties are known. */
export function namedOf({ id, type, location }: Pick<TemplateResource, 'id' | 'type' | 'location'>): Named {
  const found = readResourceId(id);
  return { id, type, location, names: found?.names ?? [], resourceGroup: found?.resourceGroup ?? '' };
}

/** What the providers would refuse, before anything is made (preflight). */
export function preflight(world: World, { resources }: Prepared): readonly DeploymentError[] {
  return resources.flatMap((resource): readonly DeploymentError[] => {
    const type = resourceType(resource.type);
    if (type === undefined) {
      const [namespace = '', ...rest] = resource.type.split('/');
      return [
        {
          code: 'InvalidResourceType',
          message: `The resource type '${rest.join('/')}' could not be found in the namespace '${namespace}' for api version '${resource.apiVersion}'.`,
        },
      ];
    }
    if (world.state.regionsDown[resource.location] !== undefined) {
      return [regionDown(resource)];
    }
    const refused = type.refuses?.(world, namedOf(resource));
    return refused === undefined ? [] : [refused];
  });
}

/** The error of a provider that does not answer, because its region is down. */
export const regionDown = ({ type }: Pick<TemplateResource, 'type'>): DeploymentError => ({
  code: 'GatewayTimeout',
  message: `The gateway did not receive a response from '${type.split('/')[0]}' within the specified time period.`,
});

/**
 * When each resource is begun and done, in Azure milliseconds: as soon as what it depends on is there, all others side
 * by side. The resources come out in the order in which they can be made.
 */
export function scheduled(world: World, { resources }: Prepared, from: number): readonly DeployedResource[] {
  const order: TemplateResource[] = [];
  const visit = (resource: TemplateResource): void => {
    if (order.includes(resource)) {
      return;
    }
    for (const before of dependencies(resource, resources)) {
      visit(before);
    }
    order.push(resource);
  };
  for (const resource of resources) {
    visit(resource);
  }
  const done: DeployedResource[] = [];
  for (const resource of order) {
    const { id, type, name, location, apiVersion, raw } = resource;
    const after = dependencies(resource, resources).map((before) => order.indexOf(before));
    const startsAt = Math.max(from, ...after.map((index) => done[index]?.endsAt ?? from));
    const endsAt = startsAt + (resourceType(type)?.duration(world, namedOf(resource)) ?? 0);
    done.push({ id, type, name, location, apiVersion, after, raw, startsAt, endsAt, state: 'Waiting' });
  }
  return done;
}

const dependencies = (
  { dependsOn }: TemplateResource,
  resources: readonly TemplateResource[],
): readonly TemplateResource[] => resources.filter((other) => dependsOn.some((on) => dependsAs(other, on)));
