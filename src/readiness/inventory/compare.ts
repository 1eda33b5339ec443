import type { ResourceGroupRef } from '../../azure/refs';
import { sameName } from '../../azure/resource-id';
import type { AzureResource } from '../../azure/resources/readings';
import type { Known } from '../known';
import type { Expected } from './expected';

/** A resource group as it was read. */
export interface GroupRead {
  readonly group: ResourceGroupRef;
  /** Null: Azure has no such group. */
  readonly resources: Known<readonly AzureResource[] | null>;
}

/** A name of the estate file, held against Azure. */
export interface InventoryItem extends Expected {
  /** `not yet`: it is made only when the app is brought up in its secondary region. */
  readonly state: 'there' | 'elsewhere' | 'missing' | 'not yet' | 'unknown';
  /** What is different or unknown; empty where all is as it should be. */
  readonly words: string;
  readonly location: string | null;
}

/** Azure's resource types of the kinds that an estate file names. */
const namedKinds = [
  'Microsoft.Sql/servers',
  'Microsoft.Sql/servers/databases',
  'Microsoft.Web/sites',
  'Microsoft.KeyVault/vaults',
  'Microsoft.Storage/storageAccounts',
];

/** One expected resource against its group as it was read. */
export function compared(expected: Expected, groups: readonly GroupRead[]): InventoryItem {
  const { resourceGroup } = expected.group;
  const read = groups.find(({ group }) => isSameGroup(group, expected.group))?.resources;
  const item = (state: InventoryItem['state'], words: string, location: string | null = null) => ({
    ...{ ...expected, state, words, location },
  });
  if (!read || 'unknown' in read)
    return item('unknown', `${resourceGroup}: ${read && 'unknown' in read ? read.unknown : 'not read'}`);
  const found = read.value?.find(({ id }) => sameName(id, expected.id));
  if (!found) {
    if (expected.later) return item('not yet', 'is made when the app is brought up there');
    return item(
      'missing',
      read.value ? `Azure has none in ${resourceGroup}` : `Azure has no resource group ${resourceGroup}`,
    );
  }
  const { location } = found;
  const isElsewhere = expected.region !== null && !sameRegion(location, expected.region);
  return isElsewhere
    ? item('elsewhere', `it is in ${location}, and the estate file says ${expected.region}`, location)
    : item('there', '', location);
}

/** What Azure has in these groups and the estate file does not name; the kinds that it names come first. */
export function unnamed(
  expected: readonly Expected[],
  groups: readonly GroupRead[],
): readonly (AzureResource & { readonly isNamedKind: boolean })[] {
  return groups
    .flatMap(({ resources }) => ('value' in resources ? (resources.value ?? []) : []))
    .filter(({ id, name }) => !expected.some((one) => sameName(one.id, id)) && !name.endsWith('/master'))
    .map((one) => ({ ...one, isNamedKind: namedKinds.some((kind) => sameName(kind, one.type)) }))
    .sort((a, b) => Number(b.isNamedKind) - Number(a.isNamedKind));
}

export const isSameGroup = (a: ResourceGroupRef, b: ResourceGroupRef): boolean =>
  sameName(a.subscriptionId, b.subscriptionId) && sameName(a.resourceGroup, b.resourceGroup);

/** `East US` and `eastus` are the same place. */
const sameRegion = (a: string, b: string): boolean =>
  a.replace(/\s/g, '').toLowerCase() === b.replace(/\s/g, '').toLowerCase();
