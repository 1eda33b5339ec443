import type { Azure } from '../../azure/azure';
import type { ResourceGroupRef } from '../../azure/refs';
import type { AzureResource } from '../../azure/resources/readings';
import type { ServerGroup } from '../../azure/sql/failover-groups';
import type { ProtectedApp } from '../../engine/estate';
import { type Known, known } from '../known';
import { compared, type GroupRead, type InventoryItem, isSameGroup, unnamed } from './compare';
import { expectedOf } from './expected';

/** The record of an app's resource names ("Record these values" in the document), as Azure has them now. */
export interface Inventory {
  readonly app: ProtectedApp;
  readonly takenAt: Date;
  readonly items: readonly InventoryItem[];
  /** What is in the app's groups and not in the estate file. */
  readonly others: readonly (AzureResource & { readonly isNamedKind: boolean })[];
  readonly failoverGroups: Known<readonly ServerGroup[]>;
  /** Every host name that the app answers to. */
  readonly hostNames: Known<readonly string[]>;
  /** Groups that could not be read, in words. */
  readonly unread: readonly string[];
}

/** Discovers the names live, all groups side by side, and holds them against the estate file. */
export async function takeInventory(
  azure: Azure,
  app: ProtectedApp,
  now: Date,
  patienceMs: number,
): Promise<Inventory> {
  const expected = expectedOf(app);
  const groups = expected
    .map(({ group }) => group)
    .filter((group, index, all) => all.findIndex((one) => isSameGroup(one, group)) === index);
  const [reads, failoverGroups, hostNames] = await Promise.all([
    Promise.all(groups.map((group) => readGroup(azure, group, patienceMs))),
    known(azure.sql.failoverGroups(app.sqlServer), patienceMs),
    known(
      azure.webApp(app.webApp).then((found) => found?.hostNames ?? []),
      patienceMs,
    ),
  ]);
  // A zone's group holds the names of others too: only what the app's own groups hold belongs in its record.
  const own = reads.filter(({ group }) =>
    [app.resourceGroup, app.secondary?.resourceGroup].includes(group.resourceGroup),
  );
  return {
    ...{ app, takenAt: now, failoverGroups, hostNames },
    items: expected.map((one) => compared(one, reads)),
    others: unnamed(expected, own),
    unread: reads.flatMap(({ group, resources }) =>
      'unknown' in resources ? [`${group.resourceGroup} ${resources.unknown}`] : [],
    ),
  };
}

async function readGroup(azure: Azure, group: ResourceGroupRef, patienceMs: number): Promise<GroupRead> {
  return { group, resources: await known(azure.resources.inGroup(group), patienceMs) };
}

/** What is different between the estate file and Azure, in sentences; empty where nothing is. */
export function differences({ items, others }: Inventory): readonly string[] {
  return [
    ...items
      .filter(({ state }) => state === 'missing' || state === 'elsewhere')
      .map(({ what, name, words }) => `${what} ${name}: ${words}.`),
    ...others
      .filter(({ isNamedKind }) => isNamedKind)
      .map(({ name, type }) => `${name} (${type}) is in Azure, and the estate file does not name it.`),
  ];
}
