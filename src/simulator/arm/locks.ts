import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { textAt } from '../json';
import type { Lock } from '../state';
import { describe } from './activity-log';
import { type Call, param, type Route } from './route';

const apiVersions = ['2020-05-01', '2016-09-01'];
const locks = '/{+scope}/providers/Microsoft.Authorization/locks';

/** Management locks at every scope (Microsoft.Authorization 2020-05-01). */
export const lockRoutes: readonly Route[] = [
  { operation: 'ManagementLocks_ListByScope', method: 'GET', path: locks, apiVersions, handler: listLocks },
  {
    operation: 'ManagementLocks_GetByScope',
    method: 'GET',
    path: `${locks}/{lockName}`,
    apiVersions,
    handler: getLock,
  },
  {
    operation: 'ManagementLocks_CreateOrUpdateByScope',
    method: 'PUT',
    path: `${locks}/{lockName}`,
    apiVersions,
    handler: putLock,
  },
  {
    operation: 'ManagementLocks_DeleteByScope',
    method: 'DELETE',
    path: `${locks}/{lockName}`,
    apiVersions,
    handler: deleteLock,
  },
];

/** Refuses what a lock on the resource or on any of its parents forbids: CanNotDelete deletions, ReadOnly also writes and POST actions. */
export function refuseWhenLocked(call: Call): void {
  const { request, route, world } = call;
  if (request.method === 'GET' || request.method === 'HEAD' || lockRoutes.includes(route)) {
    return;
  }
  const { resourceId } = describe(request.method, request.path);
  const above = Object.values(world.state.locks).filter((lock) => isWithin(resourceId, lock.scope));
  const forbidding = above.filter((lock) => lock.level === 'ReadOnly' || request.method === 'DELETE');
  if (forbidding.length === 0) {
    return;
  }
  const verb = request.method === 'DELETE' ? 'delete' : 'write';
  const scopes = forbidding.map((lock) => `'${lock.scope}'`).join(',');
  throw new AzureError(
    409,
    'ScopeLocked',
    `The scope '${resourceId}' cannot perform ${verb} operation because following scope(s) are locked: ${scopes}. Please remove the lock and try again.`,
  );
}

function isWithin(resourceId: string, scope: string): boolean {
  const id = `${resourceId.toLowerCase()}/`;
  return id.startsWith(`${scope.toLowerCase()}/`);
}

function scopeOf(call: Call): string {
  const scope = `/${param(call, 'scope')}`;
  // The scope is one encoded part of the path, so nothing before this has seen the group in it.
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(scope)?.[1];
  if (group !== undefined && call.world.state.resourceGroups[group.toLowerCase()] === undefined) {
    throw new AzureError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  return scope;
}

function idOf(call: Call): string {
  return `${scopeOf(call)}/providers/Microsoft.Authorization/locks/${param(call, 'lockName')}`;
}

/** Every lock that holds at the scope or below it, as Azure lists them; locks of parents are listed too, since they are inherited. */
function listLocks(call: Call): HostAnswer {
  const scope = scopeOf(call);
  const value = Object.values(call.world.state.locks)
    .filter((lock) => isWithin(lock.scope, scope) || isWithin(scope, lock.scope))
    .map(lockView);
  return { status: 200, body: { value } };
}

function getLock(call: Call): HostAnswer {
  const lock = call.world.state.locks[idOf(call).toLowerCase()];
  if (lock === undefined) {
    throw new AzureError(404, 'LockNotFound', `The lock '${param(call, 'lockName')}' could not be found.`);
  }
  return { status: 200, body: lockView(lock) };
}

function putLock(call: Call): HostAnswer {
  const level = textAt(call.request.body, 'properties', 'level');
  if (level !== 'CanNotDelete' && level !== 'ReadOnly') {
    throw new AzureError(
      400,
      'InvalidLockLevel',
      `The lock level '${level ?? ''}' is invalid. The supported levels are 'CanNotDelete, ReadOnly'.`,
    );
  }
  const key = idOf(call).toLowerCase();
  const existed = call.world.state.locks[key] !== undefined;
  const notes = textAt(call.request.body, 'properties', 'notes');
  const lock: Lock = {
    id: idOf(call),
    scope: scopeOf(call),
    name: param(call, 'lockName'),
    level,
    ...(notes === undefined ? {} : { notes }),
  };
  call.world.state.locks[key] = lock;
  return { status: existed ? 200 : 201, body: lockView(lock) };
}

function deleteLock(call: Call): HostAnswer {
  const key = idOf(call).toLowerCase();
  const existed = call.world.state.locks[key] !== undefined;
  delete call.world.state.locks[key];
  return { status: existed ? 200 : 204 };
}

function lockView(lock: Lock): unknown {
  return {
    id: lock.id,
    name: lock.name,
    type: 'Microsoft.Authorization/locks',
    properties: { level: lock.level, ...(lock.notes === undefined ? {} : { notes: lock.notes }) },
  };
}
