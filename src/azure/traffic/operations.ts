import { z } from 'zod/v4';
import { trafficProfileRef } from '../refs';

/** The changes that can be made to Traffic Manager. */
export const trafficOperations = [
  /** Endpoints_Update (PATCH): whether one Azure endpoint may be answered with. The others are not touched. */
  z.object({
    op: z.literal('traffic.set-endpoint'),
    profile: trafficProfileRef,
    endpoint: z.string(),
    status: z.enum(['Enabled', 'Disabled']),
  }),
] as const;
