import type { Connection } from '../connection';
import type { WebAppRef } from '../refs';
import type { AppReport } from './health';
import { type KeyVaultReference, references } from './references';
import { settings, type WebSettings } from './settings';
import { type SettingsChange, settingsChanges } from './settings-changes';

/** What can be read about an App Service app beside its state. */
export interface WebReadings {
  /** The app's package, and a seal over all its other settings; null when there is no such app. */
  readonly settings: (app: WebAppRef) => Promise<WebSettings | null>;
  /** WebApps_GetAppSettingsKeyVaultReferences: the settings that refer to secrets, as App Service last resolved them. */
  readonly references: (app: WebAppRef) => Promise<readonly KeyVaultReference[]>;
  /** When the app's settings were written, newest first: a deployment is among them. */
  readonly settingsChanges: (app: WebAppRef, since: Date) => Promise<readonly SettingsChange[]>;
  /** One GET on the app's health endpoint, with the version and schema that it tells; never throws. */
  readonly report: (url: string) => Promise<AppReport>;
}

/** Reads App Service apps. */
export const webReadings = (azure: Connection, report: (url: string) => Promise<AppReport>): WebReadings => ({
  settings: (app) => settings(azure, app),
  references: (app) => references(azure, app),
  settingsChanges: (app, since) => settingsChanges(azure, app, since),
  report,
});
