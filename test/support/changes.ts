/** The part of the simulator's journal that tells what was asked of Azure. */
interface Journalled {
  journal(): readonly {
    readonly method: string;
    readonly url: string;
    readonly status: number | null;
    readonly clientRequestId?: string;
  }[];
}

/** Every request that asked Resource Manager for a change, in order: `POST AppRequestPortal/move`, `PUT copy`. */
export const changesIn = (simulator: Journalled): readonly string[] =>
  changeEntries(simulator).map(({ method, url }) => `${method} ${nameIn(new URL(url).pathname)}`);

/** The same as the journal has them. */
export const changeEntries = (simulator: Journalled) =>
  simulator.journal().filter(({ method, url }) => {
    const { host, pathname } = new URL(url);
    // Azure reads secrets, and tells whether a name is free, by a POST.
    return (
      method !== 'GET' &&
      host === 'management.azure.com' &&
      !/\/(list|listKeys|checkNameAvailability)$/i.test(pathname)
    );
  });

/** What follows the resource's type: `databases/AppRequestPortal/move` → `AppRequestPortal/move`. */
function nameIn(path: string): string {
  const parts = path.split('/');
  const type = parts.findLastIndex((part) =>
    [
      ...['databases', 'sites', 'failoverGroups', 'locks', 'storageAccounts', 'certificates'],
      ...['AzureEndpoints', 'CNAME', 'TXT'],
    ].includes(part),
  );
  return parts.slice(type + 1).join('/');
}
