import { z } from 'zod/v4';
import type { Health } from '../azure';
import type { Readers } from '../check';
import type { Connection } from '../connection';
import { webAppRef } from '../refs';
import { readAppHealthy } from './app-healthy';

/** What can be checked about an App Service app. */
export const webChecks = [
  /** The app's own health endpoint answers green. */
  z.object({ check: z.literal('app.healthy'), app: webAppRef, url: z.url() }),
] as const;

/** How each of them is read. */
export const webReaders = (
  azure: Connection,
  health: (url: string) => Promise<Health>,
): Readers<typeof webChecks> => ({
  'app.healthy': (check) => readAppHealthy(azure, health, check),
});
