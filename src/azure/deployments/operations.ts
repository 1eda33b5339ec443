import { z } from 'zod/v4';
import { resourceGroupRef } from '../refs';
import { deploymentRequest } from './deployment-request';

/** The changes that can be made to resource groups and by templates. */
export const deploymentOperations = [
  /** ResourceGroups_CreateOrUpdate, tagged with the run: what stood there before is never taken for ours. */
  z.object({
    op: z.literal('group.create'),
    group: resourceGroupRef,
    location: z.string().min(1),
    run: z.string().min(1),
  }),
  /** ResourceGroups_Delete, and only of a group that this run has made. */
  z.object({ op: z.literal('group.delete'), group: resourceGroupRef, run: z.string().min(1) }),
  /** Deployments_CreateOrUpdate, mode Incremental. */
  deploymentRequest.extend({
    op: z.literal('deployment.deploy'),
    /** How many resources it makes, as far as the bot knows: its progress is counted against them. */
    resources: z.int().positive().nullable(),
  }),
] as const;
