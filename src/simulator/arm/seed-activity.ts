import { DAY } from '../clock';
import type { State } from '../state';
import { newId } from '../world';

/** What Azure's own log has to tell from before: two days ago somebody scaled this database. */
export function seedActivity(state: State, now: Date, databaseId: string): void {
  const correlationId = newId(state);
  state.activityLog.push({
    ...{ id: newId(state), time: new Date(now.getTime() - 2 * DAY).toISOString(), status: 'Succeeded' },
    ...{ operationName: 'Microsoft.Sql/servers/databases/write', resourceId: databaseId },
    ...{ resourceGroup: 'apprequest-prod', caller: 'megan.bowen@contoso.com', correlationId },
    ...{ operationId: correlationId, clientRequestId: '', method: 'PATCH', subStatus: '200' },
    uri: `https://management.azure.com${databaseId}?api-version=2022-08-01-preview`,
  });
}
