import { setTimeout as sleep } from 'node:timers/promises';
import type { Azure } from '../../../azure/azure';
import type { ProtectedApp } from '../../../engine/estate';
import type { Findings, Probe } from '../finding';
import { probeApp } from './app';
import { probeAzure } from './azure-itself';
import { probeChanges } from './changes';
import { probeDatabase } from './database';
import type { Probing } from './probe';
import { probeRegion } from './region';
import { probeSecrets } from './secrets';
import { probeSignIn } from './sign-in';
import { probeStorage } from './storage';
import { at, PROBE_MS, silence, within } from './within';

/** How long the tenant's name is waited for before sign-in is looked at without it, in milliseconds. */
const TENANT_MS = 2_000;

/** What a probe that is late is taken for. A part that is silent while Azure answers is a part that fails. */
function lateFindings(
  app: ProtectedApp,
  now: () => Date,
): { readonly [probe in Probe]: () => Findings[probe] } {
  const seen = (what: string) => ({ words: silence(what, 'Timeout'), at: at(now) });
  const unknown = (what: string) => ({ state: 'unknown', because: 'silent', ...seen(what) }) as const;
  return {
    azure: () => ({ state: 'silent', ...seen('Azure Resource Manager') }),
    app: () => ({ state: 'silent', fails: [], version: null, before: null, ...seen('The app') }),
    signIn: () => ({ state: 'silent', password: 'unknown', ...seen("Microsoft's sign-in") }),
    secrets: () => ({ state: 'unreachable', ...seen(`The vault ${app.vault.vault}`) }),
    database: () => ({ state: 'unreachable', ...seen(`Azure SQL, asked for ${app.database},`) }),
    storage: () => ({
      ...{ state: 'unreachable', geoRedundant: null, reported: false },
      ...seen(`The storage account ${app.storage.account}`),
    }),
    region: () => unknown('Azure Resource Health'),
    changes: () => unknown('The activity log'),
  };
}

/**
 * Probes an app and everything it depends on, side by side, each with a deadline of its own. Reads only. What does not
 * answer in time is a finding too: that it is not known.
 */
export async function look(
  app: ProtectedApp,
  {
    azure,
    now,
    probeMs = PROBE_MS,
  }: { readonly azure: Azure; readonly now: () => Date; readonly probeMs?: number },
): Promise<Findings> {
  const reachable = azure.reachable(app.subscriptionId);
  const tenant = tenantWithin(reachable, Math.min(TENANT_MS, probeMs / 4));
  const probing: Probing = { app, azure, now, tenant, partMs: probeMs * 0.9 };
  const late = lateFindings(app, now);
  const [itself, seen, signIn, secrets, database, storage, region, changes] = await Promise.all([
    within(probeMs, probeAzure(reachable, now), late.azure),
    within(probeMs, probeApp(probing), late.app),
    within(probeMs, probeSignIn(probing), late.signIn),
    within(probeMs, probeSecrets(probing), late.secrets),
    within(probeMs, probeDatabase(probing), late.database),
    within(probeMs, probeStorage(probing), late.storage),
    within(probeMs, probeRegion(probing), late.region),
    within(probeMs, probeChanges(probing), late.changes),
  ]);
  return withoutManagement({ azure: itself, app: seen, signIn, secrets, database, storage, region, changes });
}

async function tenantWithin(reachable: ReturnType<Azure['reachable']>, ms: number): Promise<string | null> {
  const stop = new AbortController();
  const late = sleep(ms, null, { signal: stop.signal, ref: false }).catch(() => null);
  try {
    return await Promise.race([reachable.then(({ tenantId }) => tenantId), late]);
  } finally {
    stop.abort();
  }
}

/**
 * While Azure Resource Manager itself is silent, that it says nothing of a database or a vault is no sign of their own
 * failure.
 */
function withoutManagement(findings: Findings): Findings {
  const { azure, database, secrets } = findings;
  if (azure.state !== 'silent') return findings;
  const unknown = ({ words, at: seenAt }: { readonly words: string; readonly at: string }) =>
    ({ state: 'unknown', because: 'silent', words, at: seenAt }) as const;
  return {
    ...findings,
    database: database.state === 'unreachable' ? unknown(database) : database,
    secrets: secrets.state === 'unreachable' ? unknown(secrets) : secrets,
  };
}
