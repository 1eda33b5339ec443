import { z } from 'zod/v4';
import { webAppRef } from '../refs';

/** The changes that can be made to an App Service app. */
export const webOperations = [
  /** WebApps_Restart. Leaves no state behind that tells whether it happened; the activity log does. */
  z.object({ op: z.literal('app.restart'), app: webAppRef }),
  /** WebApps_UpdateApplicationSettings with one value changed, WEBSITE_RUN_FROM_PACKAGE. */
  z.object({
    op: z.literal('web.set-package'),
    app: webAppRef,
    /** The package's address before; anything else there means that somebody has deployed meanwhile. */
    from: z.url({ protocol: /^https?$/ }),
    to: z.url({ protocol: /^https$/ }),
  }),
  /** `POST …/config/configreferences/appsettings/refresh`, until these settings are resolved. */
  z.object({ op: z.literal('web.refresh-references'), app: webAppRef, settings: z.array(z.string()) }),
] as const;
