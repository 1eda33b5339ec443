import type { Connection } from '../connection';
import { AzureProblem } from '../operation';
import type { WebAppRef } from '../refs';
import { sameName } from '../resource-id';
import { appWords } from '../web/app-service';

const sqlHost = /(?:^|;)\s*(?:Server|Data Source)\s*=\s*(?:tcp:)?([^;,\s]+\.database\.[^;,\s]+)/i;

/**
 * Whether an app connects by a failover group's listener. The settings are looked at here and go nowhere: what comes
 * out is yes, no, or null for unknown. A connection string in a vault stays unknown, since the bot reads no secrets.
 */
export async function usesListener(
  azure: Connection,
  app: WebAppRef,
  listener: string,
): Promise<boolean | null> {
  const { web } = azure.clients(app.subscriptionId);
  const words = { doing: 'Reading the settings of', resource: appWords(app) };
  try {
    const { properties = {} } = await azure.call(words, (abortSignal) =>
      web.webApps.listApplicationSettings(app.resourceGroup, app.app, { abortSignal }),
    );
    const hosts = Object.values(properties).flatMap((value) => sqlHost.exec(value)?.[1] ?? []);
    return hosts.length === 0 ? null : hosts.every((host) => sameName(host, listener));
  } catch (error) {
    if (!(error instanceof AzureProblem) || error.details.passing) throw error;
    return null;
  }
}
