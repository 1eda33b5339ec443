import type { Site } from '@azure/arm-appservice';
import type { WebApp } from '../azure';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { WebAppRef } from '../refs';
import { webAppId } from '../resource-id';

/** An app in words. */
export const appWords = (ref: WebAppRef): string => `app "${ref.app}"`;

/** WebApps_Get as the SDK gives it; null when the group has no such app. */
export function sdkSite(azure: Connection, ref: WebAppRef): Promise<Site | null> {
  const { web } = azure.clients(ref.subscriptionId);
  return orNull(
    azure.call(reading(appWords(ref)), (abortSignal) =>
      web.webApps.get(ref.resourceGroup, ref.app, { abortSignal }),
    ),
  );
}

/** WebApps_Get; null when the group has no such app. */
export async function webApp(azure: Connection, ref: WebAppRef): Promise<WebApp | null> {
  const site = await sdkSite(azure, ref);
  if (!site) return null;
  return {
    name: site.name ?? ref.app,
    resourceId: site.id ?? webAppId(ref),
    state: site.state ?? 'Unknown',
    location: site.location,
    hostNames: site.hostNames ?? [],
    principalId: site.identity?.principalId ?? null,
  };
}
