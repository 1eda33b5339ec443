import type { HostHandler } from '../host';
import { issueToken } from '../tokens';
import type { World } from '../world';

/** Asks Azure Resource Manager for something by path and api-version, as a person at the portal does. @throws Error when it is refused. */
export type AtThePortal = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** The portal's own application in Entra, and its origin. */
const PORTAL = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c';

/** Somebody at the portal: their changes keep every rule of Azure's and stand in the activity log under their name. */
export function atThePortal(world: World, arm: HostHandler, person: string): AtThePortal {
  return async (method, path, body) => {
    const { tenant } = world.state;
    const caller = { objectId: person, applicationId: PORTAL };
    const token = issueToken(tenant, caller, 'https://management.azure.com', world.now());
    const url = new URL(path, 'https://management.azure.com');
    const answer = await arm({
      ...{ method, host: url.host, path: url.pathname, url: `${url.pathname}${url.search}` },
      ...{ query: url.searchParams, headers: { authorization: `Bearer ${token}` } },
      ...{ body, text: body === undefined ? '' : JSON.stringify(body) },
    });
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was refused: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
}
