import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import { z } from 'zod/v4';
import { auditReadings } from './audit/readings';
import type { Azure } from './azure';
import { type Call, callWithin } from './call';
import type { Check, Reading } from './check';
import { clientsOf } from './clients';
import { type Connection, reading } from './connection';
import { handlersOf } from './handlers';
import { insightsReadings } from './insights/readings';
import { locks } from './locks';
import { AzureProblem } from './operation';
import { packageReadings } from './packages/packages';
import { type RawGet, rawGet } from './raw';
import { sqlReaders } from './sql/checks';
import { database, databaseNames } from './sql/databases';
import { sqlReadings } from './sql/readings';
import { webApp } from './web/app-service';
import { webReaders } from './web/checks';
import { healthProbe } from './web/health';
import { webReadings } from './web/readings';

/** What the adapters need from outside. */
export interface AzureOptions {
  /** Default: the environment's service principal (`AZURE_CLIENT_ID`, …), else the managed identity. */
  readonly credential?: TokenCredential;
  readonly now: () => Date;
  /** How far the newest log backup may lie behind now, in minutes; Azure writes one about every 10. */
  readonly logBackupLagMinutes?: number;
  /** How long a resumed run asks the activity log, which lags, for its own request, in milliseconds. */
  readonly activityLogPatienceMs?: number;
  /** How long any one call may take, repetitions of reads included, in milliseconds; 30 s unless told. */
  readonly deadlineMs?: number;
  /** Told in a line what could not be read and was left unknown. */
  readonly log?: (line: string) => void;
}

/** Azure over HTTPS, through the SDKs as they are. Makes no request before it is asked something. */
export function createAzure(options: AzureOptions): Azure {
  const credential = options.credential ?? new DefaultAzureCredential();
  const azure: Connection = {
    clients: clientsOf(credential),
    call: callWithin(options.deadlineMs ?? 30_000),
    now: options.now,
    logBackupLagMinutes: options.logBackupLagMinutes ?? 10,
    activityLogPatienceMs: options.activityLogPatienceMs ?? 5000,
    log: options.log ?? (() => undefined),
  };
  const health = healthProbe();
  const get = rawGet(credential, 'https://management.azure.com/.default');
  return {
    databaseNames: (server) => databaseNames(azure, server),
    database: (server, name) => database(azure, server, name),
    sql: sqlReadings(azure),
    audit: auditReadings(azure, credential),
    locks: (resourceId) => locks(azure, resourceId),
    webApp: (app) => webApp(azure, app),
    health,
    reachable: reachableWith(get, callWithin(Math.min(options.deadlineMs ?? 10_000, 10_000))),
    insights: insightsReadings(azure, get),
    web: webReadings(azure, health),
    packages: packageReadings(callWithin(Math.min(options.deadlineMs ?? 10_000, 10_000))),
    handler: handlersOf(azure),
    read: readerOf(azure, health),
  };
}

/** Reads any check with the reader of its own service. */
function readerOf(azure: Connection, health: ReturnType<typeof healthProbe>): Azure['read'] {
  const readers = { ...sqlReaders(azure), ...webReaders(azure, health) };
  // The table pairs each check with its own reader; TypeScript cannot follow that through the union.
  return (check) => (readers[check.check] as (check: Check) => Promise<Reading>)(check);
}

/** Subscriptions_Get, the least that any identity with a role may ask. */
function reachableWith(get: RawGet, call: Call): Azure['reachable'] {
  return async (subscriptionId) => {
    const url = `https://management.azure.com/subscriptions/${subscriptionId}?api-version=2022-12-01`;
    try {
      const answer = await call(reading(`subscription ${subscriptionId}`), (abortSignal) =>
        get(url, abortSignal),
      );
      const { tenantId } = subscription.parse(answer);
      return { ok: true, words: 'Azure Resource Manager answers', tenantId };
    } catch (error) {
      if (error instanceof AzureProblem) return { ok: false, words: error.message, tenantId: null };
      throw error;
    }
  };
}

/** The tenant is named in every answer; what is not one is not believed. */
const subscription = z.object({ tenantId: z.guid().nullable().catch(null) }).catch({ tenantId: null });
