import { z } from 'zod/v4';
import type { Readers } from '../check';
import type { Connection } from '../connection';
import { deploymentRequest } from './deployment-request';
import { readValid } from './valid';
import { readWhatIf } from './what-if';

/** What can be checked about a template before it is deployed. Both read only. */
export const deploymentChecks = [
  /** Deployments_Validate: Azure and its providers would take it. */
  deploymentRequest.extend({ check: z.literal('deployment.valid') }),
  /** Deployments_WhatIf: it deletes nothing, and makes what the estate names. */
  deploymentRequest.extend({
    check: z.literal('deployment.what-if'),
    /** Ids of resources that have to come out of it: what the plan goes on with. */
    makes: z.array(z.string()),
  }),
] as const;

/** How each of them is read. */
export const deploymentReaders = (azure: Connection): Readers<typeof deploymentChecks> => ({
  'deployment.valid': (check) => readValid(azure, check),
  'deployment.what-if': (check) => readWhatIf(azure, check),
});
