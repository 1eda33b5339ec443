import type { StorageAccountRef } from '../../azure/refs';
import { isGeoRedundant, type StorageAccount } from '../../azure/storage/account';
import type { CompileContext } from '../../engine/runbook';

/** Azure's rule: 3 to 24 characters, numbers and lower-case letters. */
const LONGEST = 24;

/** `inc7-1` → `i7r1`. */
const stampOf = (run: string): string => {
  const [, incident, number] = /^inc(\d+)-(\d+)$/.exec(run) ?? [];
  return incident && number ? `i${incident}r${number}` : run.toLowerCase().replace(/[^a-z0-9]/g, '');
};

/**
 * The names that a run may give to the account that takes the place of another, best first: the old name and the run,
 * so that a resumed run finds its own. A name may be taken by anybody in the world.
 */
export function namesFor(old: string, run: string): readonly string[] {
  const base = old.toLowerCase().replace(/[^a-z0-9]/g, '');
  // Of an account that was itself made by a run, the stem is kept and the run is replaced.
  const stem = base.replace(/i\d+r\d+[a-d]?$/, '');
  return ['', 'a', 'b', 'c', 'd'].map((more) => {
    const end = `${stampOf(run)}${more}`;
    return `${stem.slice(0, Math.max(3, LONGEST - end.length))}${end}`.slice(0, LONGEST);
  });
}

/**
 * The account that the run makes: the one that it has begun already, or the first name that is free. Null: none of
 * the names is.
 */
export async function newAccountFor(context: CompileContext): Promise<StorageAccountRef | null> {
  const { app, azure, before, begun, run } = context;
  const stage = before?.stages.find(({ name }) => name === 'create');
  if (begun.has('create') && stage?.kind === 'step') return { ...app.storage, account: stage.target };
  for (const account of namesFor(app.storage.account, run)) {
    const { ok } = await azure.storage.nameAvailable(app.storage.subscriptionId, account);
    if (ok) return { ...app.storage, account };
  }
  return null;
}

/** What the new account is like: as the old one where that can be read, and geo-redundant in any case (the document's). */
export const likeness = (old: StorageAccount | null) => ({
  sku: old && isGeoRedundant(old.sku) ? old.sku : geoOf(old?.sku),
  // The older kinds have no queues, or no second region of their own.
  kind: 'StorageV2' as const,
  minimumTlsVersion: old?.minimumTlsVersion === 'TLS1_3' ? 'TLS1_3' : 'TLS1_2',
  tags: old?.tags ?? {},
});

/** Zones are kept, and a second region is added. */
const geoOf = (sku: string | undefined): string =>
  sku === 'Standard_ZRS' ? 'Standard_GZRS' : 'Standard_GRS';
