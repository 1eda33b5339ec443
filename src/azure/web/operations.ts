import { z } from 'zod/v4';
import { webAppRef } from '../refs';

/** The changes that can be made to an App Service app. */
export const webOperations = [
  /** WebApps_Restart. Leaves no state behind that tells whether it happened; the activity log does. */
  z.object({ op: z.literal('app.restart'), app: webAppRef }),
] as const;
