import type { Route } from './route';

/** What the caller may do at a scope (Microsoft.Authorization 2022-04-01, Permissions_List…). The simulator's applications are owners. */
export const permissionRoutes: readonly Route[] = [
  {
    operation: 'Permissions_ListForScope',
    method: 'GET',
    path: '/{+scope}/providers/Microsoft.Authorization/permissions',
    apiVersions: ['2022-04-01', '2018-07-01', '2015-07-01'],
    handler: () => ({
      status: 200,
      body: { value: [{ actions: ['*'], notActions: [], dataActions: ['*'], notDataActions: [] }] },
    }),
  },
];
