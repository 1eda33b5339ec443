import type { Connection } from '../connection';
import type { ResourceGroupRef } from '../refs';
import { type ResourceGroup, resourceGroup } from './group';
import { type Template, template, type Unread } from './template';

/** What can be read of resource groups and templates. */
export interface DeploymentReadings {
  /** ResourceGroups_Get; null when the subscription has no such group. */
  readonly group: (group: ResourceGroupRef) => Promise<ResourceGroup | null>;
  /** A template from where the estate has it, or in words why it cannot be read: what did not answer, and within how long. */
  readonly template: (
    from: { readonly uri: string } | { readonly file: string },
  ) => Promise<Template | Unread>;
}

/** How they are read. */
export const deploymentReadings = (azure: Connection): DeploymentReadings => ({
  group: (group) => resourceGroup(azure, group),
  template: (from) => template(azure, from),
});
