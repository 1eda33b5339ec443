import { traceOf } from '../activity-log';
import type { Connection } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { OperationHandler, OperationOf } from '../operation';
import { webAppId } from '../resource-id';
import { appWords } from './app-service';

type Restart = OperationOf<'app.restart'>;

/**
 * WebApps_Restart, hard: the app lets go of its old database connections. Azure answers before the app is up; the
 * health endpoint tells when it is.
 */
export function restart(azure: Connection): OperationHandler<Restart> {
  const one: AtOnce<Restart> = {
    rest: ({ app }) => `POST …/sites/${app.app}/restart`,
    target: ({ app }) => app.app,
    words: ({ app }) => ({ doing: 'Restarting', resource: appWords(app) }),
    look: async ({ app }, sent) => {
      // A restart leaves nothing behind; where the log has not seen it, once more does no harm.
      const traced = { subscriptionId: app.subscriptionId, resourceId: webAppId(app), action };
      const seen = sent.resumed ? (await traceOf(azure, traced, sent)).state : 'not seen';
      return seen === 'running' || seen === 'succeeded' ? { state: 'done', facts: {} } : { state: 'absent' };
    },
    send: async ({ app }, sent, abortSignal) => {
      const { web } = azure.clients(app.subscriptionId);
      await web.webApps.restart(app.resourceGroup, app.app, {
        abortSignal,
        requestOptions: { headers: { 'x-ms-client-request-id': sent.requestId } },
      });
      return {};
    },
  };
  return atOnce(azure, one);
}

const action = 'Microsoft.Web/sites/restart/action';
