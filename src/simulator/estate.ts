import type { Application, ApplicationPassword } from './graph/state';
import { isObject } from './json';
import { rowCount } from './sql/history';
import type { Database, State } from './state';

/** What the control API shows of the simulated Azure: everything but secrets. */
export type Estate = Readonly<Record<string, unknown>> & {
  readonly databases: readonly (Readonly<Database> & { readonly requests: number })[];
  readonly applications: readonly (Omit<Application, 'passwords'> & {
    readonly passwords: readonly Omit<ApplicationPassword, 'value'>[];
  })[];
};

/** The estate as it is now, without the values of secrets, keys and app settings; each database with its rows. */
export function estateOf(state: State): Estate {
  const {
    tenant,
    databases,
    servers,
    sites,
    vaults,
    applications,
    storageAccounts,
    activityLog,
    operations,
    deployments,
    whatIfs: _,
    template: _published,
    ...rest
  } = state;
  return {
    ...rest,
    tenant: { id: tenant.id, domain: tenant.domain },
    databases: databases.map(({ history, ...database }) => ({
      ...database,
      requests: rowCount(history),
      history,
    })),
    operations: Object.values(operations).map(({ event, ...operation }) => ({
      ...operation,
      resourceId: event.resourceId,
    })),
    servers: Object.fromEntries(
      Object.entries(servers).map(([key, { administratorPassword: _password, ...server }]) => [key, server]),
    ),
    deployments: deployments.map(({ name, resourceGroup, state: provisioningState, resources, rights }) => ({
      ...{ name, resourceGroup, provisioningState, rights },
      resources: resources.map((one) => ({ id: one.id, state: one.state })),
    })),
    sites: Object.values(sites).map(({ settings, references, process, ...site }) => ({
      ...site,
      settings: Object.keys(settings),
      references: Object.fromEntries(Object.entries(references).map(([name, { status }]) => [name, status])),
      process: isObject(process) ? { ...process, environment: Object.keys(process.environment) } : null,
    })),
    vaults: Object.values(vaults).map((vault) => ({
      ...vault,
      secrets: Object.values(vault.secrets).map(({ versions, ...secret }) => ({
        ...secret,
        versions: versions.map(({ value: _, ...version }) => version),
      })),
    })),
    applications: Object.values(applications).map(({ passwords, ...application }) => ({
      ...application,
      passwords: passwords.map(({ value: _, ...password }) => password),
    })),
    storageAccounts: Object.values(storageAccounts).map(({ keys: _, ...account }) => account),
    activityLog,
  };
}
