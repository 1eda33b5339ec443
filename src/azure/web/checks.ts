import { z } from 'zod/v4';
import type { Readers } from '../check';
import type { Connection } from '../connection';
import { webAppRef } from '../refs';
import { readAppHealthy } from './app-healthy';
import type { AppReport } from './health';
import { readReferencesResolved } from './references-resolved';
import { readSettingsAre } from './settings-are';
import { readVersionIs } from './version-is';

/** What can be checked about an App Service app. */
export const webChecks = [
  /** The app's own health endpoint answers green. */
  z.object({ check: z.literal('app.healthy'), app: webAppRef, url: z.url() }),
  /** The app is set to run this package, and all its other settings are still under the same seal. */
  z.object({
    check: z.literal('web.settings-are'),
    app: webAppRef,
    package: z.url(),
    others: z.string(),
    /** How many other settings there were, for people. */
    count: z.int().min(0),
  }),
  /** The app tells this version of itself. */
  z.object({ check: z.literal('web.version-is'), url: z.url(), version: z.string() }),
  /** App Service has resolved these settings, which refer to secrets; without any, all that it has. */
  z.object({ check: z.literal('web.references-resolved'), app: webAppRef, settings: z.array(z.string()) }),
] as const;

/** How each of them is read. */
export const webReaders = (
  azure: Connection,
  report: (url: string) => Promise<AppReport>,
): Readers<typeof webChecks> => ({
  'app.healthy': (check) => readAppHealthy(azure, report, check),
  'web.settings-are': (check) => readSettingsAre(azure, check),
  'web.version-is': (check) => readVersionIs(report, check),
  'web.references-resolved': (check) => readReferencesResolved(azure, check),
});
