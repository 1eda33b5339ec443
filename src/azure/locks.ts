import type { Lock } from './azure';
import { all, orNull } from './call';
import { type Connection, reading } from './connection';
import { scopesOf } from './resource-id';

/**
 * ManagementLocks_ListByScope on the resource and everything above it: a lock of any of them stands in the way
 * (`ReadOnly` of every change, restarts included; `CanNotDelete` of deletes). What is not there, a group neither, has
 * none of its own.
 */
export async function locks(azure: Connection, resourceId: string): Promise<readonly Lock[]> {
  const scopes = scopesOf(resourceId);
  const subscriptionId = resourceId.split('/')[2] ?? '';
  const { managementLocks } = azure.clients(subscriptionId).locks;
  const found = await Promise.all(
    scopes.map((scope) =>
      orNull(
        azure.call(reading(`the locks of ${scope}`), (abortSignal) =>
          // The client writes the leading slash itself.
          all(managementLocks.listByScope(scope.slice(1), { abortSignal })),
        ),
        'ResourceGroupNotFound',
      ),
    ),
  );
  const byId = new Map(
    found.flatMap((list) => list ?? []).map((lock) => [lock.id?.toLowerCase() ?? '', lock]),
  );
  return [...byId.values()].flatMap(({ id, name, level }) => {
    const scope = id?.split('/providers/Microsoft.Authorization/locks/')[0] ?? '';
    // Azure lists the locks below a scope too; those of other resources do not concern this one.
    if (!scopes.some((above) => above.toLowerCase() === scope.toLowerCase())) return [];
    return level === 'ReadOnly' || level === 'CanNotDelete' ? [{ name: name ?? '', level, scope }] : [];
  });
}
