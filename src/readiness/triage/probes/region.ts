import type { Availability } from '../../../azure/insights/availability';
import type { Part, RegionFinding, ResourceHealth } from '../finding';
import type { Probing } from './probe';
import { at, unknownFrom } from './within';

/** What Azure Resource Health reports of the app's resources in its primary region. */
export async function probeRegion({ app, azure, now }: Probing): Promise<RegionFinding> {
  try {
    const all = await azure.insights.availability(app);
    const resources = all
      .filter(({ location }) => location.toLowerCase() === app.primaryRegion.toLowerCase())
      .map(healthOf);
    return { state: 'read', resources, words: wordsOf(resources, app.primaryRegion), at: at(now) };
  } catch (error) {
    return unknownFrom(error, 'Azure Resource Health', now);
  }
}

/** An app that its owner stopped is no failure of the region's. */
const healthOf = ({ resourceId, state, unplanned }: Availability): ResourceHealth => ({
  resource: resourceId.split('/').at(-1) ?? resourceId,
  part: partOf(resourceId),
  state:
    state === 'Available' || !unplanned
      ? 'available'
      : state === 'Unavailable'
        ? 'unavailable'
        : state === 'Degraded'
          ? 'degraded'
          : 'unknown',
});

const parts: readonly (readonly [type: RegExp, part: Part])[] = [
  [/\/Microsoft\.Web\/sites\//i, 'app'],
  [/\/Microsoft\.KeyVault\/vaults\//i, 'secrets'],
  [/\/Microsoft\.Sql\/servers\//i, 'database'],
  [/\/Microsoft\.Storage\/storageAccounts\//i, 'storage'],
];

const partOf = (resourceId: string): ResourceHealth['part'] =>
  parts.find(([type]) => type.test(resourceId))?.[1] ?? 'other';

function wordsOf(resources: readonly ResourceHealth[], region: string): string {
  const bad = resources.filter(({ state }) => state === 'unavailable' || state === 'degraded');
  if (resources.length === 0) return `Azure Resource Health knows no resource of the app in ${region}.`;
  return bad.length === 0
    ? `Azure Resource Health reports no failure in ${region} (it can be minutes late).`
    : `Azure Resource Health in ${region}: ${bad.map(({ resource, state }) => `${resource} is ${state}`).join(', ')}.`;
}
