import { AzureError, errorBody } from '../azure-error';
import { azureTimeAt, realTimeAt, retryAfterSeconds } from '../clock';
import type { HostAnswer } from '../host';
import type { Effect, Operation, Server, State } from '../state';
import { azureNow, newId, timeStamp, type World } from '../world';
import { eventOf, recordEnd } from './activity-log';
import { type Call, param, type Route } from './route';

/** What there is to say about any long-running operation when it starts. `duration` is in milliseconds of Azure time. */
export interface AnyOperationStart {
  /** What kind of operation it is: a part of its URLs, for example `database` for `databaseAzureAsyncOperation`. */
  readonly collection: string;
  readonly name: string;
  readonly friendlyName: string;
  /** The region that works on it: while that is down, it stands still. */
  readonly location: string;
  readonly databaseId?: string;
  readonly duration: number;
  readonly effect: Effect;
  readonly cancellable?: boolean;
  /** `resource`: the Location URL ends in the resource of the request. `nothing`: in an empty answer. */
  readonly endsIn: 'resource' | 'nothing';
}

/** A long-running operation of Azure SQL. */
export interface OperationStart extends Omit<AnyOperationStart, 'location'> {
  readonly collection: 'database' | 'failoverGroup' | 'backupShortTermRetentionPolicy' | 'replicationLink';
  readonly server: Server;
}

/** What each of these effects does: when its operation succeeds, and when the operation fails or is cancelled. */
export type EffectsOf<E extends Effect> = {
  readonly [T in E['type']]: {
    readonly succeed: (world: World, effect: Extract<E, { type: T }>, time: string) => void;
    readonly fail?: (world: World, effect: Extract<E, { type: T }>) => void;
  };
};

/** What every effect does. */
export type Effects = EffectsOf<Effect>;

/** Azure SQL asks clients to wait 15 s between polls. */
const POLL_SECONDS = 15;

const versions = [
  '2020-11-01-preview',
  '2021-02-01-preview',
  '2022-02-01-preview',
  '2022-08-01-preview',
  '2023-08-01-preview',
];
const location =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Sql/locations/{locationName}';

/** The polling addresses that `Azure-AsyncOperation` and `Location` headers name (ARM RPC, asynchronous operations). */
export const operationRoutes: readonly Route[] = [
  {
    operation: 'AzureAsyncOperation_Get',
    method: 'GET',
    path: `${location}/{collection}AzureAsyncOperation/{operationId}`,
    apiVersions: versions,
    handler: getStatus,
  },
  {
    operation: 'OperationResults_Get',
    method: 'GET',
    path: `${location}/{collection}OperationResults/{operationId}`,
    apiVersions: versions,
    handler: getResult,
  },
];

/** Starts a long-running operation, with the fault that is meant for it, and gives what was written down about it. */
export function beginOperation(call: Call, start: AnyOperationStart): Operation {
  const { world } = call;
  const fault = call.takeOperationFault();
  const operation: Operation = {
    id: newId(world.state),
    collection: start.collection,
    name: start.name,
    friendlyName: start.friendlyName,
    location: start.location,
    ...(start.databaseId === undefined ? {} : { databaseId: start.databaseId }),
    startTime: timeStamp(world),
    startedAt: azureNow(world),
    duration: start.duration,
    effect: start.effect,
    cancellable: start.cancellable ?? false,
    result: start.endsIn === 'nothing' ? null : { path: resourceOf(call), apiVersion: call.apiVersion },
    ...(fault === undefined ? {} : { fault }),
    event: eventOf(call, 'Accepted', 202),
    state: 'InProgress',
  };
  world.state.operations[operation.id] = operation;
  return operation;
}

/** Starts a long-running operation and gives Azure SQL's `202 Accepted` for it. */
export function startOperation(call: Call, { server, ...start }: OperationStart): HostAnswer {
  const operation = beginOperation(call, { ...start, location: server.location });
  const base = `https://${call.request.host}/subscriptions/${param(call, 'subscriptionId')}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/locations/${server.location}/${start.collection}`;
  const end = `/${operation.id}?api-version=${call.apiVersion}`;
  return {
    status: 202,
    headers: {
      'azure-asyncoperation': `${base}AzureAsyncOperation${end}`,
      location: `${base}OperationResults${end}`,
      'retry-after': String(retryAfterSeconds(call.world.state.clock, POLL_SECONDS)),
    },
    body: { operation: operation.name, startTime: operation.startTime },
  };
}

/** Ends every operation whose time has come, in the order in which they end. True when anything changed. */
export function settleOperations(world: World, effects: Effects): boolean {
  const now = azureTimeAt(world.state.clock, world.now().getTime());
  const due = Object.values(world.state.operations)
    .filter(
      (operation) => operation.state === 'InProgress' && endOf(operation) <= now && !isHeld(world, operation),
    )
    .sort((one, other) => endOf(one) - endOf(other));
  for (const operation of due) {
    const time = new Date(realTimeAt(world.state.clock, endOf(operation))).toISOString();
    if (operation.fault !== undefined && 'fail' in operation.fault) {
      endBadly(world, effects, operation, 'Failed', operation.fault.fail, time);
    } else {
      operation.state = 'Succeeded';
      operation.endTime = time;
      succeed(world, effects, operation.effect, time);
      recordEnd(world, operation, time);
    }
  }
  return due.length > 0;
}

/** Lets operations that are stuck go on, those that only read too. */
export function releaseOperations(state: State): void {
  for (const reading of Object.values(state.whatIfs)) reading.stuck = false;
  for (const operation of Object.values(state.operations)) {
    if (operation.fault !== undefined && 'stuck' in operation.fault) {
      delete operation.fault;
    }
  }
}

/** Ends an operation as failed or cancelled, and takes back what it had begun. */
export function endBadly(
  world: World,
  effects: Effects,
  operation: Operation,
  state: 'Failed' | 'Cancelled',
  error: { readonly code: string; readonly message: string },
  time: string,
): void {
  operation.state = state;
  operation.error = error;
  operation.endTime = time;
  takeBack(world, effects, operation.effect);
  recordEnd(world, operation, time);
}

/** How far an operation is, in whole percent; 100 only when it has ended well. */
export function percentComplete(world: World, operation: Operation): number {
  if (operation.state === 'Succeeded') {
    return 100;
  }
  const part = (azureNow(world) - operation.startedAt) / operation.duration;
  const highest = operation.fault === undefined ? 99 : 50;
  return Math.max(0, Math.min(highest, Math.floor(part * 100)));
}

/** The operations on a database, oldest first, whether still under way or ended. */
export function operationsOn(world: World, databaseId: string): readonly Operation[] {
  return Object.values(world.state.operations).filter((operation) => operation.databaseId === databaseId);
}

function resourceOf({ request }: Call): string {
  return request.method === 'POST' ? request.path.slice(0, request.path.lastIndexOf('/')) : request.path;
}

function endOf(operation: Operation): number {
  return operation.startedAt + operation.duration;
}

function isHeld(world: World, operation: Operation): boolean {
  const stuck = operation.fault !== undefined && 'stuck' in operation.fault;
  return stuck || world.state.regionsDown[operation.location] !== undefined;
}

function succeed<T extends Effect['type']>(
  world: World,
  effects: Effects,
  effect: Extract<Effect, { type: T }>,
  time: string,
): void {
  const type: T = effect.type;
  effects[type].succeed(world, effect, time);
}

function takeBack<T extends Effect['type']>(
  world: World,
  effects: Effects,
  effect: Extract<Effect, { type: T }>,
): void {
  const type: T = effect.type;
  effects[type].fail?.(world, effect);
}

function find(call: Call): Operation {
  const operation = call.world.state.operations[param(call, 'operationId').toLowerCase()];
  if (
    operation === undefined ||
    operation.collection.toLowerCase() !== param(call, 'collection').toLowerCase()
  ) {
    throw new AzureError(
      404,
      'OperationIdNotFound',
      `The operation with Id '${param(call, 'operationId')}' does not exist.`,
    );
  }
  return operation;
}

function retryAfter(call: Call): Record<string, string> {
  return { 'retry-after': String(retryAfterSeconds(call.world.state.clock, POLL_SECONDS)) };
}

function getStatus(call: Call): HostAnswer {
  const { id, state, startTime, error } = find(call);
  const status = state === 'Cancelled' ? 'Canceled' : state;
  const body = { name: id, status, startTime, ...(error === undefined ? {} : { error }) };
  return { status: 200, headers: state === 'InProgress' ? retryAfter(call) : {}, body };
}

function getResult(call: Call): HostAnswer {
  const operation = find(call);
  if (operation.state === 'InProgress') {
    const self = `https://${call.request.host}${call.request.url}`;
    return {
      status: 202,
      headers: { location: self, ...retryAfter(call) },
      body: { operation: operation.name, startTime: operation.startTime },
    };
  }
  if (operation.error !== undefined) {
    const status = operation.state === 'Cancelled' ? 409 : 400;
    return { status, body: errorBody(operation.error.code, operation.error.message) };
  }
  return operation.result === null
    ? { status: 200 }
    : call.read(operation.result.path, operation.result.apiVersion);
}
