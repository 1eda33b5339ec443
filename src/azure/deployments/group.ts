import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { ResourceGroupRef } from '../refs';

/** A resource group as Azure shows it now. */
export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly tags: { readonly [name: string]: string };
  /** `Succeeded`, or `Deleting`. */
  readonly state: string;
}

/** The tag that names the run which made a resource. */
export const runTag = 'dr-bot-run';

/** ResourceGroups_Get; null when the subscription has no such group. */
export async function resourceGroup(
  azure: Connection,
  { subscriptionId, resourceGroup: name }: ResourceGroupRef,
): Promise<ResourceGroup | null> {
  const { resources } = azure.clients(subscriptionId);
  const found = await orNull(
    azure.call(reading(groupWords(name)), (abortSignal) =>
      resources.resourceGroups.get(name, { abortSignal }),
    ),
    // Of a group itself this code says what 404 says of anything else.
    'ResourceGroupNotFound',
  );
  return (
    found && {
      name: found.name ?? name,
      location: found.location,
      tags: found.tags ?? {},
      state: found.properties?.provisioningState ?? 'Unknown',
    }
  );
}

/** ResourceGroups_CheckExistence: another word on whether there is a group that is not shown. */
export async function groupExists(
  azure: Connection,
  { subscriptionId, resourceGroup: name }: ResourceGroupRef,
): Promise<boolean> {
  const { resources } = azure.clients(subscriptionId);
  const { body } = await azure.call(reading(groupWords(name)), (abortSignal) =>
    resources.resourceGroups.checkExistence(name, { abortSignal }),
  );
  return body;
}

/** A resource group in words. */
export const groupWords = (name: string): string => `resource group "${name}"`;
