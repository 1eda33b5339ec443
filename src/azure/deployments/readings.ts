import type { Connection } from '../connection';
import type { ResourceGroupRef } from '../refs';
import { type ResourceGroup, resourceGroup } from './group';
import { type Template, template } from './template';

/** What can be read of resource groups and templates. */
export interface DeploymentReadings {
  /** ResourceGroups_Get; null when the subscription has no such group. */
  readonly group: (group: ResourceGroupRef) => Promise<ResourceGroup | null>;
  /** A template from where the estate has it; null when it cannot be read. Never throws. */
  readonly template: (from: { readonly uri: string } | { readonly file: string }) => Promise<Template | null>;
}

/** How they are read. */
export const deploymentReadings = (azure: Connection): DeploymentReadings => ({
  group: (group) => resourceGroup(azure, group),
  template: (from) => template(azure, from),
});
