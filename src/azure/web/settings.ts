import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';
import type { WebAppRef } from '../refs';
import { webAppId } from '../resource-id';
import { appWords } from './app-service';

/** The setting that says which package an app runs (App Service, "Run your app from a package"). */
export const PACKAGE = 'WEBSITE_RUN_FROM_PACKAGE';

/** What may be known of an app's settings outside of this folder: no value but the package's address. */
export interface WebSettings {
  /**
   * WEBSITE_RUN_FROM_PACKAGE: an address, `1` for a local archive, or null when the app has no such setting. An
   * address that carries a key is given without its query.
   */
  readonly package: string | null;
  /** True when the package's address carries a key, which must not be written down anywhere. */
  readonly packageIsKeyed: boolean;
  readonly names: readonly string[];
  /** Settings that stay with the slot when slots are swapped. */
  readonly sticky: readonly string[];
  /** A seal over all other settings and the sticky names: equal seals mean that none of them was touched. */
  readonly others: string;
}

/** All settings of an app with their values. They must not leave the adapter. */
export type Values = { readonly [name: string]: string };

/** WebApps_ListApplicationSettings; secrets in clear. @throws AzureProblem */
export async function valuesOf(azure: Connection, app: WebAppRef): Promise<Values> {
  const { web } = azure.clients(app.subscriptionId);
  const listed = await azure.call(reading(`the settings of ${appWords(app)}`), (abortSignal) =>
    web.webApps.listApplicationSettings(app.resourceGroup, app.app, { abortSignal }),
  );
  return listed.properties ?? {};
}

/** WebApps_ListSlotConfigurationNames: which settings stay with the slot. */
export async function stickyNames(azure: Connection, app: WebAppRef): Promise<readonly string[]> {
  const { web } = azure.clients(app.subscriptionId);
  const listed = await azure.call(reading(`the slot settings of ${appWords(app)}`), (abortSignal) =>
    web.webApps.listSlotConfigurationNames(app.resourceGroup, app.app, { abortSignal }),
  );
  return [...(listed.appSettingNames ?? [])].sort();
}

/** What may be known of an app's settings; null when there is no such app. */
export async function settings(azure: Connection, app: WebAppRef): Promise<WebSettings | null> {
  const [values, sticky] = await Promise.all([orNull(valuesOf(azure, app)), orNull(stickyNames(azure, app))]);
  if (!values || !sticky) return null;
  const value = values[PACKAGE] ?? null;
  return {
    package: value === null ? null : withoutKey(value),
    packageIsKeyed: value !== null && value !== withoutKey(value),
    names: Object.keys(values).sort(),
    sticky,
    others: await sealOf(app, values, sticky),
  };
}

const derive = promisify<string, string, number, Buffer>(scrypt);

/** Slow on purpose: the seal goes onto timelines, and a short secret must not be found by trying. */
export async function sealOf(app: WebAppRef, values: Values, sticky: readonly string[]): Promise<string> {
  const others = Object.entries(values)
    .filter(([name]) => name !== PACKAGE)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const sealed = await derive(JSON.stringify([others, sticky]), webAppId(app).toLowerCase(), 12);
  return sealed.toString('hex');
}

/** An address without its query and fragment, where the key of a shared access signature is. */
const withoutKey = (value: string): string =>
  /^https?:/i.test(value) ? value.replace(/[?#].*$/s, '') : value;
