import { type AnyOperationStart, beginOperation } from '../arm/operations';
import { type Call, param, type Route } from '../arm/route';
import { AzureError, errorBody } from '../azure-error';
import { retryAfterSeconds } from '../clock';
import type { HostAnswer } from '../host';
import { storageVersions } from './find-account';

/** Azure Storage asks clients to wait 17 s between polls, as recorded against the service. */
const POLL_SECONDS = 17;

const collection = 'storageAsyncOperation';

/** The polling address of Azure Storage: 202 while it works, and the result at the end (ARM RPC, `Location`). */
export const storageOperationRoutes: readonly Route[] = [
  {
    operation: 'StorageAsyncOperations_Get',
    method: 'GET',
    path: '/subscriptions/{subscriptionId}/providers/Microsoft.Storage/locations/{locationName}/asyncoperations/{operationId}',
    apiVersions: storageVersions,
    handler: getResult,
  },
];

/** Starts a long-running operation of Azure Storage and gives its `202 Accepted`, which has no body. */
export function startStorageOperation(call: Call, start: Omit<AnyOperationStart, 'collection'>): HostAnswer {
  const { id } = beginOperation(call, { ...start, collection });
  const url = `https://${call.request.host}/subscriptions/${param(call, 'subscriptionId')}/providers/Microsoft.Storage/locations/${start.location}/asyncoperations/${id}?monitor=true&api-version=${call.apiVersion}`;
  return { status: 202, headers: { location: url, ...retryAfter(call) } };
}

const retryAfter = (call: Call) => ({
  'retry-after': String(retryAfterSeconds(call.world.state.clock, POLL_SECONDS)),
});

function getResult(call: Call): HostAnswer {
  const id = param(call, 'operationId');
  const operation = call.world.state.operations[id.toLowerCase()];
  if (operation?.collection !== collection) {
    throw new AzureError(404, 'OperationIdNotFound', `The operation with Id '${id}' does not exist.`);
  }
  if (operation.state === 'InProgress') {
    return {
      status: 202,
      headers: { location: `https://${call.request.host}${call.request.url}`, ...retryAfter(call) },
    };
  }
  if (operation.error !== undefined) {
    return { status: 409, body: errorBody(operation.error.code, operation.error.message) };
  }
  return operation.result === null
    ? { status: 200 }
    : call.read(operation.result.path, operation.result.apiVersion);
}
