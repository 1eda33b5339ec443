/**
 * The Azure RBAC action that a request to Resource Manager needs (the naming rule of resource providers): the
 * provider, the types without the names between them, and what is done. A POST's last part is the action itself.
 */
export function actionOf(method: string, url: string): string {
  const { host } = new URL(url);
  // The storage services themselves: List Queues and List Containers ask for these (their REST reference).
  if (host.endsWith('.queue.core.windows.net'))
    return 'Microsoft.Storage/storageAccounts/queueServices/queues/read';
  if (host.endsWith('.blob.core.windows.net'))
    return 'Microsoft.Storage/storageAccounts/blobServices/containers/read';
  // A POST that only asks: the provider gives it a right to read.
  if (/\/checkNameAvailability$/i.test(new URL(url).pathname))
    return 'Microsoft.Storage/checkNameAvailability/read';
  const path = new URL(url).pathname.replace(/\/$/, '');
  const [, provider] = /.*\/providers\/(.+)$/i.exec(path) ?? [];
  const verb = { GET: 'read', HEAD: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete', POST: 'action' }[
    method
  ];
  if (verb === undefined) throw new Error(`No action is known for ${method} ${url}.`);
  if (provider === undefined) return `Microsoft.Resources/${typesIn(path.split('/').slice(1))}/${verb}`;
  const [namespace = '', ...parts] = provider.split('/');
  if (verb !== 'action') return `${namespace}/${typesIn(parts)}/${verb}`;
  return `${namespace}/${typesIn(parts.slice(0, -1))}/${parts.at(-1)}/action`;
}

/** `servers/{name}/databases/{name}` → `servers/databases`. */
const typesIn = (parts: readonly string[]): string => parts.filter((_, index) => index % 2 === 0).join('/');

/** Whether an action of a role, wildcards included, permits what is asked for. Azure does not heed letter case. */
export function permits(action: string, wanted: string): boolean {
  const pattern = action
    .split('*')
    .map((part) => part.replace(/[.]/g, '\\.'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'i').test(wanted);
}

/** The Key Vault data action that a request to a vault's own address needs (Azure's built-in role definitions). */
export function dataActionOf(method: string, url: string): string {
  const path = new URL(url).pathname;
  const lists = /^\/(?:secrets|deletedsecrets|secrets\/[^/]+\/versions)$/.test(path);
  const names = new Map([
    ['GET', lists ? 'readMetadata/action' : 'getSecret/action'],
    ['PUT', 'setSecret/action'],
    ['POST', 'recover/action'],
    ['DELETE', path.startsWith('/deletedsecrets') ? 'purge/action' : 'delete'],
  ]);
  const name = names.get(method);
  if (name === undefined) throw new Error(`No data action is known for ${method} ${url}.`);
  return `Microsoft.KeyVault/vaults/secrets/${name}`;
}
