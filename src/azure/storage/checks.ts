import { z } from 'zod/v4';
import type { Finding, Readers } from '../check';
import type { Connection } from '../connection';
import { storageAccountRef } from '../refs';
import { sameName } from '../resource-id';
import { isGeoRedundant, storageAccount } from './account';
import type { DataPlane } from './data-plane';
import { reach } from './reach';

/** What can be checked about a storage account. */
export const storageChecks = [
  /** Its queue and blob services answer. */
  z.object({ check: z.literal('storage.answers'), account: storageAccountRef }),
  /** Its data is served from this region, with this redundancy; a copy in a second region is complete. */
  z.object({
    check: z.literal('storage.account-is'),
    account: storageAccountRef,
    primaryLocation: z.string(),
    sku: z.string(),
  }),
] as const;

/** How each of them is read. */
export const storageReaders = (azure: Connection, ask: DataPlane): Readers<typeof storageChecks> => ({
  'storage.answers': async ({ account }) => {
    const { ok, services } = await reach(ask, account);
    const findings = services.map((one) => ({
      ...{ what: one.service === 'queue' ? 'Queue service' : 'Blob service', expected: 'answers' },
      ...{ found: one.words, ok: one.ok },
    }));
    return { findings, facts: { reachable: ok } };
  },
  'storage.account-is': async ({ account, primaryLocation, sku }) => {
    const found = await storageAccount(azure, account);
    const compare = (what: string, expected: string, seen: string): Finding => ({
      ...{ what, expected, found: seen, ok: sameName(seen, expected) },
    });
    const status = found?.replication?.status ?? 'unknown';
    const findings = [
      compare('Primary region', primaryLocation, found?.primaryLocation ?? 'no such account'),
      compare('Redundancy', sku, found?.sku ?? 'no such account'),
      ...(isGeoRedundant(sku) ? [compare('Copy in the second region', 'Live', status)] : []),
    ];
    return { findings, facts: { region: found?.primaryLocation ?? null, redundancy: found?.sku ?? null } };
  },
});
