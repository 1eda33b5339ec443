import { isObject, type JsonObject } from '../json';
import type { World } from '../world';
import { evaluateAhead } from './evaluate';
import { resourceType } from './resource-types';
import { namedOf } from './schedule';
import type { Prepared } from './template';

/** What a deployment would change (Deployments_WhatIf): each resource of the template, and each that the group has besides. */
export function whatIf(world: World, prepared: Prepared, mode: string): readonly JsonObject[] {
  const planned = prepared.resources.map((resource) => {
    const exists = resourceType(resource.type)?.exists(world, namedOf(resource)) ?? false;
    const after = shown(resource.raw, prepared, resource.id, resource.name);
    return exists
      ? // A provider that does not take part in what-if shows its resources so.
        { resourceId: resource.id, changeType: 'Deploy' }
      : { resourceId: resource.id, changeType: 'Create', after };
  });
  const group = prepared.scope.resourceGroup.name;
  const ids = new Set(prepared.resources.map(({ id }) => id.toLowerCase()));
  const besides = resourcesIn(world, group).filter((id) => !ids.has(id.toLowerCase()));
  return [
    ...planned,
    ...besides.map((resourceId) => ({
      resourceId,
      changeType: mode === 'Complete' ? 'Delete' : 'Ignore',
      before: { id: resourceId },
    })),
  ];
}

/** A resource as what-if shows it: what is secret stands for itself. */
function shown(raw: JsonObject, prepared: Prepared, id: string, name: string): JsonObject {
  const { dependsOn: _after, condition: _condition, ...rest } = raw;
  const masked = (parameter: string): unknown =>
    /^secure/i.test(prepared.parameters[parameter]?.type ?? '')
      ? '*******'
      : prepared.scope.parameter(parameter);
  const value = evaluateAhead(rest, { ...prepared.scope, parameter: masked });
  return { ...(isObject(value) ? value : {}), id, name };
}

/** The ids of what stands in a group by itself: servers, sites, vaults, accounts and the rest. */
function resourcesIn(world: World, group: string): readonly string[] {
  const { state } = world;
  const base = `/subscriptions/${state.subscription.id}/resourceGroups/${group}/providers`;
  const tables = {
    'Microsoft.Sql/servers': state.servers,
    'Microsoft.Web/sites': state.sites,
    'Microsoft.KeyVault/vaults': Object.fromEntries(
      Object.entries(state.vaults).filter(([, { deletedDate }]) => deletedDate === undefined),
    ),
    'Microsoft.Storage/storageAccounts': state.storageAccounts,
  };
  const named = Object.entries(tables).flatMap(([type, table]) =>
    Object.values<{ readonly name: string; readonly resourceGroup: string }>(table)
      .filter((one) => one.resourceGroup.toLowerCase() === group.toLowerCase())
      .map(({ name }) => `${base}/${type}/${name}`),
  );
  const plain = Object.values(state.plainResources).filter(
    (one) => one.resourceGroup.toLowerCase() === group.toLowerCase(),
  );
  return [...named, ...plain.map(({ id }) => id)];
}
