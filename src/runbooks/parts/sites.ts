import type { SqlServerRef, WebAppRef } from '../../azure/refs';
import type { ProtectedApp } from '../../engine/estate';

/** One of the two places where an app can live. */
export interface Site {
  readonly region: string;
  readonly sqlServer: SqlServerRef;
  readonly webApp: WebAppRef;
  readonly healthUrl: string;
}

/** Where the app lives on ordinary days. */
export const primarySite = (app: ProtectedApp): Site => ({
  ...{ region: app.primaryRegion, sqlServer: app.sqlServer, webApp: app.webApp, healthUrl: app.healthUrl },
});

/** Where it lives when its primary region is gone; null when the estate names no such place. */
export const secondarySite = ({ secondary, secondaryRegion }: ProtectedApp): Site | null =>
  secondary && {
    ...{ region: secondaryRegion, sqlServer: secondary.sqlServer, webApp: secondary.webApp },
    healthUrl: secondary.healthUrl,
  };

/** The host name that App Service gives an app. */
export const defaultHost = (app: WebAppRef): string => `${app.app}.azurewebsites.net`;
