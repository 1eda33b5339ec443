import type { DeploymentExtended, ErrorResponse } from '@azure/arm-resourcesdeployments';
import { all, orNull } from '../call';
import { type Connection, reading } from '../connection';
import { notBefore } from '../not-before';
import type { AzureProblem, Look, Sent } from '../operation';
import { observedProblem } from '../problem';
import type { ResourceGroupRef } from '../refs';

/** The tag of a deployment that carries the id of the request which began it. */
export const requestTag = 'dr-bot-request';

/** A deployment by the group that it is in and its own name. */
export interface DeploymentRef {
  readonly group: ResourceGroupRef;
  readonly name: string;
}

/** Deployments_Get; null when the group has none of that name. */
async function deployment(
  azure: Connection,
  { group, name }: DeploymentRef,
): Promise<DeploymentExtended | null> {
  const { deployments } = azure.clients(group.subscriptionId).deployments;
  return orNull(
    azure.call(reading(deploymentWords(name)), (abortSignal) =>
      deployments.get(group.resourceGroup, name, { abortSignal }),
    ),
  );
}

/** A deployment in words. */
export const deploymentWords = (name: string): string => `deployment "${name}"`;

const busy = new Set(['Accepted', 'Running', 'Creating', 'Updating', 'Ready', 'NotSpecified', 'Canceling']);

/**
 * Where a deployment of ours is. It tells by itself how it ended, for as long as its group exists. One that failed is
 * only an answer to the request that began it: a new try deploys again, which leaves alone what is there.
 */
export async function lookAtDeployment(azure: Connection, ref: DeploymentRef, sent: Sent): Promise<Look> {
  const found = await deployment(azure, ref);
  const state = found?.properties?.provisioningState ?? '';
  const anybody = sent.requestId === '';
  const ours = anybody || found?.tags?.[requestTag] === sent.requestId;
  if (!found) return { state: 'absent' };
  if (busy.has(state)) return { state: 'under way', percent: null };
  if (state === 'Succeeded') {
    const recent = ours || notBefore(found.properties?.timestamp, sent.intendedAt);
    return recent ? { state: 'done', facts: {} } : { state: 'absent' };
  }
  return ours && sent.resumed
    ? { state: 'blocked', problem: failure(ref.name, state, found.properties?.error) }
    : { state: 'absent' };
}

/** How many of so many resources a deployment has made, in percent; null where that cannot be told. */
export async function percentMade(
  azure: Connection,
  { group, name }: DeploymentRef,
  resources: number | null,
): Promise<number | null> {
  if (resources === null) return null;
  const { deploymentOperations } = azure.clients(group.subscriptionId).deployments;
  const done = await azure.call(reading(`the operations of ${deploymentWords(name)}`), (abortSignal) =>
    all(deploymentOperations.list(group.resourceGroup, name, { abortSignal })),
  );
  const made = done.filter(
    ({ properties }) =>
      properties?.provisioningState === 'Succeeded' && properties.targetResource?.id !== undefined,
  );
  return Math.min(99, Math.round((100 * made.length) / resources));
}

function failure(name: string, state: string, error: ErrorResponse | undefined): AzureProblem {
  const inner = innermost(error);
  const code = inner[0]?.code ?? `Deployment${state}`;
  const said =
    inner.map((one) => `${one.code ?? 'unknown'}: ${one.message ?? ''}`).join(' ') ||
    `Azure ended it as ${state} without a reason.`;
  return observedProblem(
    code,
    `The ${deploymentWords(name)} did not work. ${said.slice(0, 1_200)} What it has made already stays; a retry goes on from there. Mend the cause and retry.`,
  );
}

/** Resource Manager wraps what went wrong in "at least one operation failed": what is inside helps. */
function innermost(error: ErrorResponse | undefined): readonly ErrorResponse[] {
  if (!error) return [];
  return error.details?.length ? error.details.flatMap(innermost) : [error];
}
