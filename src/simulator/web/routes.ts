import type { Route } from '../arm/route';
import { appSettingRoutes } from './app-settings';
import { certificateRoutes } from './certificates';
import { hostNameBindingRoutes } from './host-name-bindings';
import { keyVaultReferenceRoutes } from './key-vault-references';
import { sitePowerRoutes } from './site-power';
import { siteRoutes } from './sites';

/** Every operation of Microsoft.Web that the simulator has. */
export const webRoutes: readonly Route[] = [
  ...siteRoutes,
  ...sitePowerRoutes,
  ...appSettingRoutes,
  ...keyVaultReferenceRoutes,
  ...hostNameBindingRoutes,
  ...certificateRoutes,
];
