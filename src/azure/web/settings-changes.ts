import { all } from '../call';
import { type Connection, reading } from '../connection';
import type { WebAppRef } from '../refs';
import { sameName, webAppId } from '../resource-id';
import { appWords } from './app-service';

/** Somebody wrote an app's settings. The activity log does not say which. */
export interface SettingsChange {
  readonly at: Date;
  /** Who, as the activity log names them: an address, or an object id. */
  readonly by: string;
}

/** Azure keeps its activity log this long. */
const KEPT_MS = 89 * 86_400_000;

/** When an app's settings were written, newest first (ActivityLogs_List). */
export async function settingsChanges(
  azure: Connection,
  app: WebAppRef,
  since: Date,
): Promise<readonly SettingsChange[]> {
  const { monitor } = azure.clients(app.subscriptionId);
  const now = azure.now().getTime();
  const from = new Date(Math.max(since.getTime(), now - KEPT_MS)).toISOString();
  const until = new Date(now).toISOString();
  const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${until}' and resourceUri eq '${webAppId(app)}/config/appsettings'`;
  const events = await azure.call(
    reading(`the activity log about the settings of ${appWords(app)}`),
    (abortSignal) => all(monitor.activityLogs.list(filter, { abortSignal })),
  );
  const written = events.flatMap(({ eventTimestamp: at, caller, operationName, status, correlationId }) =>
    at &&
    sameName(operationName?.value, 'Microsoft.Web/sites/config/write') &&
    !sameName(status?.value, 'Failed')
      ? [{ at, by: caller ?? 'somebody', request: correlationId ?? at.toISOString() }]
      : [],
  );
  // Azure writes several events about one request; its first one is the moment before which all was as it had been.
  const byRequest = new Map<string, SettingsChange>();
  for (const { at, by, request } of written) {
    const known = byRequest.get(request);
    if (!known || at < known.at) byRequest.set(request, { at, by });
  }
  return [...byRequest.values()].sort((a, b) => b.at.getTime() - a.at.getTime());
}
