import type { Check, Reading } from '../check';
import { armDeployments } from '../clients';
import type { Connection } from '../connection';
import { followToEnd } from './follow-to-end';
import { bodyOf } from './request';

type Valid = Extract<Check, { check: 'deployment.valid' }>;

/** Whether Resource Manager and the providers would take the template. @throws AzureProblem with what they have against it. */
export async function readValid(azure: Connection, check: Valid): Promise<Reading> {
  const { group, name } = check;
  const body = await bodyOf(azure, check);
  const client = azure.clients(group.subscriptionId).deployments;
  const found = await followToEnd(
    azure,
    { doing: 'Validating', resource: `deployment "${name}"` },
    {
      begin: (options) => client.deployments.validate(group.resourceGroup, name, body, options),
      restore: (token, options) =>
        armDeployments().restorePoller(client, token, client.deployments.validate, options),
    },
  );
  const said = found?.error?.message ?? 'valid';
  return {
    findings: [{ what: 'Template and parameters', expected: 'valid', found: said, ok: !found?.error }],
    facts: {},
  };
}
