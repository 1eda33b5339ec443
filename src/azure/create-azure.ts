import { DefaultAzureCredential } from '@azure/identity';
import { z } from 'zod/v4';
import { auditReadings } from './audit/readings';
import type { Azure } from './azure';
import type { Call } from './call';
import type { Check, Reading } from './check';
import { type AzureOptions, briefMs, connect } from './connect';
import { type Connection, reading } from './connection';
import { deploymentReaders } from './deployments/checks';
import { deploymentReadings } from './deployments/readings';
import { domainReaders } from './domain/checks';
import { domainReadings } from './domain/readings';
import { directoryReadings } from './graph/directory';
import { entraReadings } from './graph/handlers';
import { handlersOf } from './handlers';
import { insightsReadings } from './insights/readings';
import { locks } from './locks';
import { AzureProblem } from './operation';
import { packageReadings } from './packages/packages';
import { isSilence } from './problem';
import type { RawGet } from './raw';
import { resourceReadings } from './resources/readings';
import { sqlReaders } from './sql/checks';
import { database, databaseNames } from './sql/databases';
import { sqlReadings } from './sql/readings';
import { storageReaders } from './storage/checks';
import { type DataPlane, dataPlane } from './storage/data-plane';
import { storageReadings } from './storage/readings';
import { trafficReaders } from './traffic/checks';
import { trafficReadings } from './traffic/readings';
import { vaultReadings } from './vault/readings';
import { enterSecret } from './vault/set-secret';
import { webApp } from './web/app-service';
import { webReaders } from './web/checks';
import { healthProbe } from './web/health';
import { webReadings } from './web/readings';

/** How long a form waits for the app's audit trail, in milliseconds; it does without it after that. */
const FORM_WAITS_MS = 5_000;

/** Azure over HTTPS, through the SDKs as they are. Makes no request before it is asked something. */
export function createAzure(options: AzureOptions): Azure {
  const credential = options.credential ?? new DefaultAzureCredential();
  const azure = connect({ ...options, credential });
  const soonMs = briefMs(options);
  const health = healthProbe(soonMs);
  const get: RawGet = (url, abortSignal) => azure.arm('GET', url, abortSignal);
  const storage = dataPlane(credential, soonMs);
  return {
    databaseNames: (server) => databaseNames(azure, server),
    database: (server, name) => database(azure, server, name),
    sql: sqlReadings(azure),
    audit: auditReadings(azure, credential, Math.min(soonMs, FORM_WAITS_MS)),
    locks: (resourceId) => locks(azure, resourceId),
    webApp: (app) => webApp(azure, app),
    vault: vaultReadings(azure),
    directory: directoryReadings(azure),
    enterSecret: (operation, value) => enterSecret(azure, operation, value),
    health,
    storage: storageReadings(azure, storage),
    reachable: reachableWith(get, azure.callBriefly),
    insights: insightsReadings(azure, get),
    web: webReadings(azure, health),
    packages: packageReadings(azure.callBriefly),
    traffic: trafficReadings(azure),
    domain: domainReadings(azure),
    entra: entraReadings(azure),
    deployments: deploymentReadings(azure),
    resources: resourceReadings(azure),
    handler: handlersOf(azure),
    read: readerOf(azure, health, storage),
  };
}

/** Reads any check with the reader of its own service. */
function readerOf(
  azure: Connection,
  health: ReturnType<typeof healthProbe>,
  storage: DataPlane,
): Azure['read'] {
  const readers = {
    ...sqlReaders(azure),
    ...webReaders(azure, health),
    ...storageReaders(azure, storage),
    ...trafficReaders(azure),
    ...domainReaders(azure),
    ...deploymentReaders(azure),
  };
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
      return { ok: true, silent: false, words: 'Azure Resource Manager answers', tenantId };
    } catch (error) {
      if (!(error instanceof AzureProblem)) throw error;
      return { ok: false, silent: isSilence(error), words: error.message, tenantId: null };
    }
  };
}

/** The tenant is named in every answer; what is not one is not believed. */
const subscription = z.object({ tenantId: z.guid().nullable().catch(null) }).catch({ tenantId: null });
