import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import { textAt } from '../json';
import type { World } from '../world';
import { type Call, param, type Route } from './route';

/** Gives an identity what a role permits, on a scope and everything below it. */
export interface RoleAssignment {
  readonly id: string;
  readonly scope: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly created: string;
}

export type DataAction = `Microsoft.KeyVault/vaults/secrets/${string}`;

const secret = (name: string): DataAction => `Microsoft.KeyVault/vaults/secrets/${name}`;
const readMetadata = secret('readMetadata/action');
const getSecret = secret('getSecret/action');
const setSecret = secret('setSecret/action');
const recover = secret('recover/action');

/** The roles that have data actions, by the last part of their ids: Azure's own, and the bot's (infra/roles.json). */
export const roleIds = {
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
  secretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  botSecrets: '0d5c0000-0000-4000-8000-0000000000b0',
} as const;

const dataActions: Readonly<Record<string, readonly DataAction[]>> = {
  [roleIds.secretsUser]: [getSecret, readMetadata],
  [roleIds.secretsOfficer]: [
    ...[getSecret, readMetadata, setSecret, recover, secret('delete')],
    ...[secret('purge/action'), secret('backup/action'), secret('restore/action')],
  ],
  [roleIds.botSecrets]: [readMetadata, setSecret, recover],
};

const path = '/{+scope}/providers/Microsoft.Authorization/roleAssignments';
const apiVersions = ['2022-04-01'];

/** Role assignments at every scope (Microsoft.Authorization 2022-04-01, RoleAssignments). */
export const roleAssignmentRoutes: readonly Route[] = [
  { operation: 'RoleAssignments_ListForScope', method: 'GET', path, apiVersions, handler: list },
  {
    operation: 'RoleAssignments_Get',
    method: 'GET',
    path: `${path}/{roleAssignmentName}`,
    apiVersions,
    handler: (call) => ({ status: 200, body: view(find(call)) }),
  },
  {
    operation: 'RoleAssignments_Create',
    method: 'PUT',
    path: `${path}/{roleAssignmentName}`,
    apiVersions,
    handler: create,
  },
  {
    operation: 'RoleAssignments_Delete',
    method: 'DELETE',
    path: `${path}/{roleAssignmentName}`,
    apiVersions,
    handler: remove,
  },
];

/** The data actions of each role that the identity has on this scope or above it. */
export function assignmentsOn(
  world: World,
  scope: string,
  principalId: string,
): readonly (readonly DataAction[])[] {
  return Object.values(world.state.roleAssignments)
    .filter((one) => one.principalId === principalId && isWithin(scope, one.scope))
    .map((one) => dataActions[nameOf(one.roleDefinitionId)] ?? []);
}

/** Writes an assignment down; one of the same name is replaced. */
export function assignRole(
  world: Pick<World, 'state' | 'now'>,
  given: {
    readonly scope: string;
    readonly name: string;
    readonly principalId: string;
    readonly role: string;
  },
): RoleAssignment {
  const id = `${given.scope}/providers/Microsoft.Authorization/roleAssignments/${given.name}`;
  const assignment: RoleAssignment = {
    id,
    scope: given.scope,
    principalId: given.principalId,
    roleDefinitionId: `/subscriptions/${world.state.subscription.id}/providers/Microsoft.Authorization/roleDefinitions/${nameOf(given.role)}`,
    created: world.now().toISOString(),
  };
  world.state.roleAssignments[id.toLowerCase()] = assignment;
  return assignment;
}

function list(call: Call): HostAnswer {
  const scope = `/${param(call, 'scope')}`;
  const filter = call.request.query.get('$filter') ?? '';
  const principal = /(?:principalId\s+eq\s+|assignedTo\()'([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
  const atScope = /atScope\(\)/i.test(filter);
  const value = Object.values(call.world.state.roleAssignments)
    .filter((one) => isWithin(scope, one.scope) || (!atScope && isWithin(one.scope, scope)))
    .filter((one) => principal === undefined || one.principalId.toLowerCase() === principal)
    .map(view);
  return { status: 200, body: { value } };
}

function create(call: Call): HostAnswer {
  const principalId = textAt(call.request.body, 'properties', 'principalId');
  const role = textAt(call.request.body, 'properties', 'roleDefinitionId');
  if (principalId === undefined || role === undefined) {
    const said = 'The request to create role assignment is not valid: principalId and roleDefinitionId.';
    throw new AzureError(400, 'InvalidCreateRoleAssignmentRequest', said);
  }
  const scope = `/${param(call, 'scope')}`;
  const same = Object.values(call.world.state.roleAssignments).find(
    (one) =>
      one.scope.toLowerCase() === scope.toLowerCase() &&
      one.principalId === principalId &&
      nameOf(one.roleDefinitionId) === nameOf(role),
  );
  if (same !== undefined) {
    if (same.id.toLowerCase() === idOf(call).toLowerCase()) {
      return { status: 200, body: view(same) };
    }
    const said = `The role assignment already exists. The ID of the existing role assignment is ${nameOf(same.id)}.`;
    throw new AzureError(409, 'RoleAssignmentExists', said);
  }
  const made = assignRole(call.world, {
    scope,
    name: param(call, 'roleAssignmentName'),
    principalId,
    role,
  });
  return { status: 201, body: view(made) };
}

function remove(call: Call): HostAnswer {
  const key = idOf(call).toLowerCase();
  const found = call.world.state.roleAssignments[key];
  delete call.world.state.roleAssignments[key];
  return found === undefined ? { status: 204 } : { status: 200, body: view(found) };
}

function find(call: Call): RoleAssignment {
  const found = call.world.state.roleAssignments[idOf(call).toLowerCase()];
  if (found === undefined) {
    const name = param(call, 'roleAssignmentName');
    throw new AzureError(404, 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);
  }
  return found;
}

function idOf(call: Call): string {
  return `/${param(call, 'scope')}/providers/Microsoft.Authorization/roleAssignments/${param(call, 'roleAssignmentName')}`;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

function isWithin(scope: string, above: string): boolean {
  return `${scope.toLowerCase()}/`.startsWith(`${above.toLowerCase().replace(/\/$/, '')}/`);
}

function view(one: RoleAssignment): unknown {
  return {
    id: one.id,
    name: nameOf(one.id),
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      scope: one.scope,
      principalId: one.principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: one.roleDefinitionId,
      createdOn: one.created,
      updatedOn: one.created,
    },
  };
}
