import { z } from 'zod/v4';
import { type Connection, reading } from '../connection';
import { AzureProblem } from '../operation';
import { observedProblem } from '../problem';
import type { ResourceGroupRef } from '../refs';

/** A resource as Azure Resource Manager lists it, whatever it is. */
export interface AzureResource {
  readonly id: string;
  /** With what it lies in: `sql-apprequest-prod-demo01/AppRequestPortal`. */
  readonly name: string;
  /** `Microsoft.Sql/servers/databases` */
  readonly type: string;
  readonly location: string;
}

/** What can be read of any resource. */
export interface ResourceReadings {
  /** Everything in a resource group, in order of its type and name; null when there is no such group. */
  readonly inGroup: (group: ResourceGroupRef) => Promise<readonly AzureResource[] | null>;
}

/** How it is read. */
export const resourceReadings = (azure: Connection): ResourceReadings => ({
  inGroup: (group) => resourcesInGroup(azure, group),
});

const page = z.object({
  value: z.array(
    z.object({ id: z.string(), name: z.string(), type: z.string(), location: z.string().default('') }),
  ),
  nextLink: z.string().nullish(),
});

const mostPages = 20;
const root = 'https://management.azure.com/';

/** Resources_ListByResourceGroup (Microsoft.Resources 2024-07-01). */
async function resourcesInGroup(
  azure: Connection,
  { subscriptionId, resourceGroup }: ResourceGroupRef,
): Promise<readonly AzureResource[] | null> {
  const found: AzureResource[] = [];
  let next: string | null =
    `${root}subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(resourceGroup)}/resources?api-version=2024-07-01`;
  for (let pages = 0; next !== null && pages < mostPages; pages += 1) {
    const url: string = next;
    const answer = await azure
      .call(reading(`what is in ${resourceGroup}`), (abortSignal) => azure.arm('GET', url, abortSignal))
      .catch(nullWithoutGroup);
    if (answer === null) return null;
    const listed = page.safeParse(answer);
    if (!listed.success)
      throw observedProblem(
        'ResourcesUnreadable',
        `What Azure lists in ${resourceGroup} cannot be read. Look at it in the portal.`,
      );
    found.push(...listed.data.value.map(({ id, name, type, location }) => ({ id, name, type, location })));
    const { nextLink } = listed.data;
    // A link is followed with our token: to Resource Manager, and nowhere else.
    next = nextLink?.startsWith(root) ? nextLink : null;
  }
  const spelt = ({ type, name }: AzureResource) => `${type}/${name}`.toLowerCase();
  return found.sort((a, b) => (spelt(a) < spelt(b) ? -1 : 1));
}

function nullWithoutGroup(error: unknown): null {
  if (error instanceof AzureProblem && error.details.code === 'ResourceGroupNotFound') return null;
  throw error;
}
