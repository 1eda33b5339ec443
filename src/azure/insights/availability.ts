import { z } from 'zod/v4';
import { type Connection, reading } from '../connection';
import { observedProblem } from '../problem';
import type { RawGet } from '../raw';
import type { ResourceGroupRef } from '../refs';

/** How Azure itself says that a resource fares. */
export interface Availability {
  /** The resource's id, without what Resource Health appends. */
  readonly resourceId: string;
  readonly location: string;
  readonly state: 'Available' | 'Unavailable' | 'Degraded' | 'Unknown';
  /** Whether it is Azure's own failure: an app that its owner stopped is unavailable too. */
  readonly unplanned: boolean;
  readonly summary: string;
}

const page = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      location: z.string().default(''),
      properties: z.object({
        availabilityState: z.enum(['Available', 'Unavailable', 'Degraded', 'Unknown']).catch('Unknown'),
        reasonType: z.string().nullish(),
        summary: z.string().nullish(),
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});

const suffix = /\/providers\/Microsoft\.ResourceHealth\/.*$/i;
const mostPages = 10;

/** AvailabilityStatuses_ListByResourceGroup (Microsoft.ResourceHealth 2020-05-01). It lags behind a failure by minutes. */
export async function availabilities(
  azure: Connection,
  get: RawGet,
  { subscriptionId, resourceGroup }: ResourceGroupRef,
): Promise<readonly Availability[]> {
  const found: Availability[] = [];
  let url: string | null =
    `https://management.azure.com/subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(resourceGroup)}/providers/Microsoft.ResourceHealth/availabilityStatuses?api-version=2020-05-01`;
  for (let pages = 0; url !== null && pages < mostPages; pages += 1) {
    const from: string = url;
    const answer = page.safeParse(
      await azure.call(reading(`the resource health of ${resourceGroup}`), (abortSignal) =>
        get(from, abortSignal),
      ),
    );
    if (!answer.success)
      throw observedProblem(
        'ResourceHealthUnreadable',
        'What Azure Resource Health answered cannot be read. Look at it in the portal.',
      );
    found.push(...answer.data.value.map(availabilityOf));
    url = ownPage(answer.data.nextLink);
  }
  return found;
}

/** The next page's address; our token goes to Azure Resource Manager and nowhere else. */
const ownPage = (link: string | null | undefined): string | null =>
  link?.startsWith('https://management.azure.com/') ? link : null;

const availabilityOf = ({
  id,
  location,
  properties,
}: z.infer<typeof page>['value'][number]): Availability => ({
  ...{ resourceId: id.replace(suffix, ''), location, state: properties.availabilityState },
  unplanned: !/user|customer/i.test(properties.reasonType ?? ''),
  summary: (properties.summary ?? '').replace(/\s+/g, ' ').slice(0, 300),
});
