import type { JsonObject } from '../json';
import type { State } from '../state';

/** One deployment of a template to a resource group, with all that it needs to go on after a restart of the simulator. */
export interface Deployment {
  readonly name: string;
  readonly resourceGroup: string;
  readonly operationId: string;
  readonly correlationId: string;
  readonly timestamp: string;
  readonly mode: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly templateLink?: { readonly uri: string; readonly contentVersion: string };
  readonly template: JsonObject;
  /** With the values of secure ones, which Azure never gives back. */
  readonly parameters: Readonly<Record<string, DeploymentParameter>>;
  readonly resources: DeployedResource[];
  /** What its caller has to be permitted for it, beside the deployment itself: Resource Manager acts as the caller. */
  rights: readonly string[];
  state: 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  endTime?: string;
  outputs?: JsonObject;
  error?: DeploymentError;
}

export interface DeploymentParameter {
  readonly type: string;
  readonly value: unknown;
}

/** A resource of a template that is being deployed; times are in Azure milliseconds. */
export interface DeployedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location: string;
  readonly apiVersion: string;
  /** Which of the deployment's resources have to be there first. */
  readonly after: readonly number[];
  /** As the template has it: what it says of other resources is read when they are there. */
  readonly raw: JsonObject;
  readonly startsAt: number;
  readonly endsAt: number;
  state: 'Waiting' | 'Succeeded' | 'Failed' | 'Skipped';
  endTime?: string;
  error?: DeploymentError;
}

/** An error as Resource Manager nests it. */
export interface DeploymentError {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly DeploymentError[];
}

/** What a what-if or a validation found, and when its answer is ready, in Azure milliseconds. */
export interface WhatIfResult {
  readonly readyAt: number;
  readonly body: unknown;
  stuck: boolean;
}

/** What an operation of Resource Manager itself does. */
export type DeploymentEffect =
  | { readonly type: 'deployment.resource'; readonly operationId: string; readonly resource: number }
  | { readonly type: 'deployment.ended'; readonly operationId: string }
  | { readonly type: 'resourceGroup.deleted'; readonly group: string };

/** A resource of which nothing but its being there matters: a plan, a workspace, Application Insights. */
export interface PlainResource {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The deployments of a group, newest last. */
export const deploymentsIn = (state: State, group: string): readonly Deployment[] =>
  state.deployments.filter(({ resourceGroup }) => resourceGroup.toLowerCase() === group.toLowerCase());

/** The deployment of that name in a group, or undefined. */
export const deploymentNamed = (state: State, group: string, name: string): Deployment | undefined =>
  deploymentsIn(state, group).find((one) => one.name.toLowerCase() === name.toLowerCase());
