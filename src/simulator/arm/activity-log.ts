import { AzureError } from '../azure-error';
import type { HostAnswer } from '../host';
import type { ActivityEvent, Operation } from '../state';
import { newId, timeStamp, type World } from '../world';
import { type Call, param, type Route } from './route';

/** Azure keeps 90 days; a rehearsal never comes near this many. */
const LONGEST = 2_000;

/** The Activity Log (Microsoft.Insights 2015-04-01, ActivityLogs_List): control-plane writes only, newest first. */
export const activityLogRoutes: readonly Route[] = [
  {
    operation: 'ActivityLogs_List',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values',
    apiVersions: ['2015-04-01'],
    handler: listEvents,
  },
];

/** Writes an accepted control-plane change into the Activity Log; a long-running one is `Accepted` now and ends later. */
export function recordWrite(call: Call, status: number): void {
  const event = eventOf(call, status === 202 ? 'Accepted' : 'Succeeded', status);
  append(call.world, event);
}

/** Writes down how a long-running operation ended. */
export function recordEnd(world: World, operation: Operation, time: string): void {
  const status = operation.state === 'Succeeded' ? 'Succeeded' : 'Failed';
  const subStatus = operation.error?.code ?? '';
  append(world, { ...operation.event, id: newId(world.state), time, status, subStatus });
}

/** Writes down a change that was made outside of this API, by somebody in the story of the demo. */
export function recordByHand(
  world: World,
  change: Pick<ActivityEvent, 'caller' | 'operationName' | 'resourceId' | 'method' | 'time'>,
): void {
  const correlationId = newId(world.state);
  append(world, {
    ...{ ...change, id: newId(world.state), status: 'Succeeded', correlationId, operationId: correlationId },
    resourceGroup: groupOf(change.resourceId),
    clientRequestId: '',
    uri: `https://management.azure.com${change.resourceId}`,
    subStatus: '200',
  });
}

const groupOf = (resourceId: string): string => /\/resourcegroups\/([^/]+)/i.exec(resourceId)?.[1] ?? '';

/** The event that a request makes. */
export function eventOf(call: Call, status: ActivityEvent['status'], httpStatus: number): ActivityEvent {
  const { world, request, correlationId } = call;
  const { resourceId, operationName } = describe(request.method, request.path);
  return {
    id: newId(world.state),
    time: timeStamp(world),
    operationName,
    status,
    resourceId,
    resourceGroup: groupOf(resourceId),
    caller: call.caller.objectId,
    correlationId,
    operationId: correlationId,
    clientRequestId: request.headers['x-ms-client-request-id'] ?? '',
    method: request.method,
    uri: `https://${request.host}${request.url}`,
    subStatus: String(httpStatus),
  };
}

function append(world: World, event: ActivityEvent): void {
  world.state.activityLog.push(event);
  if (world.state.activityLog.length > LONGEST) {
    world.state.activityLog = world.state.activityLog.slice(-LONGEST);
  }
}

/** The resource a request acts on and its operation in Azure's role language, for example `Microsoft.Sql/servers/databases/move/action`. */
export function describe(
  method: string,
  path: string,
): { readonly resourceId: string; readonly operationName: string } {
  const split = path.toLowerCase().lastIndexOf('/providers/');
  const [provider = 'Microsoft.Resources', ...segments] =
    split < 0
      ? ['Microsoft.Resources', ...path.split('/').slice(1)]
      : path.slice(split + '/providers/'.length).split('/');
  const action = method === 'POST' ? segments.at(-1) : undefined;
  const named = action === undefined ? segments : segments.slice(0, -1);
  const types = named.filter((_, index) => index % 2 === 0).join('/');
  const verb = action === undefined ? ({ DELETE: 'delete' }[method] ?? 'write') : `${action}/action`;
  const resourceId = action === undefined ? path : path.slice(0, path.length - action.length - 1);
  return { resourceId, operationName: [provider, types, verb].filter((part) => part !== '').join('/') };
}

function listEvents(call: Call): HostAnswer {
  const wanted = readFilter(call.request.query.get('$filter'));
  const value = call.world.state.activityLog
    .filter(wanted)
    .reverse()
    .map((event) => eventView(call, event));
  return { status: 200, body: { value } };
}

type Wanted = (event: ActivityEvent) => boolean;

function readFilter(filter: string | null): Wanted {
  if (filter === null || !/eventTimestamp\s+ge\s/i.test(filter)) {
    throw new AzureError(
      400,
      'BadRequest',
      "The $filter query must have a start time: eventTimestamp ge '<time>'.",
    );
  }
  const clauses = filter.split(/\s+and\s+/i).map(readClause);
  return (event) => clauses.every((clause) => clause(event));
}

function readClause(text: string): Wanted {
  const [, name = '', operator = '', value = ''] = /^\s*(\w+)\s+(ge|le|eq)\s+'([^']*)'\s*$/i.exec(text) ?? [];
  const time = Date.parse(value);
  const same = (actual: string) => actual.toLowerCase() === value.toLowerCase();
  switch (`${name} ${operator}`.toLowerCase()) {
    case 'eventtimestamp ge':
      return (event) => Date.parse(event.time) >= time;
    case 'eventtimestamp le':
      return (event) => Date.parse(event.time) <= time;
    case 'resourcegroupname eq':
      return (event) => same(event.resourceGroup);
    case 'resourceuri eq':
    case 'resourceid eq':
      return (event) => same(event.resourceId);
    case 'resourceprovider eq':
      return (event) => same(event.operationName.split('/')[0] ?? '');
    case 'correlationid eq':
      return (event) => same(event.correlationId);
    default:
      throw new AzureError(400, 'BadRequest', `The $filter query '${text.trim()}' is not supported.`);
  }
}

function eventView(call: Call, event: ActivityEvent): unknown {
  const words = (value: string) => ({ value, localizedValue: value });
  const [provider = '', ...types] = event.operationName
    .split('/')
    .slice(0, event.method === 'POST' ? -2 : -1);
  return {
    authorization: { action: event.operationName, scope: event.resourceId },
    caller: event.caller,
    claims: { appid: call.caller.applicationId },
    correlationId: event.correlationId,
    description: '',
    eventDataId: event.id,
    eventName: words('EndRequest'),
    category: words('Administrative'),
    httpRequest: {
      clientRequestId: event.clientRequestId,
      clientIpAddress: '127.0.0.1',
      method: event.method,
      uri: event.uri,
    },
    id: `${event.resourceId}/events/${event.id}/ticks/${Date.parse(event.time) * 10_000 + 621_355_968_000_000_000}`,
    level: event.status === 'Failed' ? 'Error' : 'Informational',
    resourceGroupName: event.resourceGroup,
    resourceProviderName: words(provider),
    resourceId: event.resourceId,
    resourceType: words([provider, ...types].join('/')),
    operationId: event.operationId,
    operationName: words(event.operationName),
    properties: { statusCode: event.subStatus },
    status: words(event.status),
    subStatus: words(event.subStatus),
    eventTimestamp: event.time,
    submissionTimestamp: event.time,
    subscriptionId: param(call, 'subscriptionId'),
    tenantId: call.world.state.tenant.id,
  };
}
