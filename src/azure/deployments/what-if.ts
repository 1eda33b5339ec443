import type { WhatIfChange } from '@azure/arm-resourcesdeployments';
import type { Check, Finding, Reading } from '../check';
import { armDeployments } from '../clients';
import type { Connection } from '../connection';
import { sameName } from '../resource-id';
import { followToEnd } from './follow-to-end';
import { bodyOf } from './request';

type WhatIf = Extract<Check, { check: 'deployment.what-if' }>;

/** What the deployment would change, and that none of it is a deletion. */
export async function readWhatIf(azure: Connection, check: WhatIf): Promise<Reading> {
  const { group, name, makes } = check;
  const { properties } = await bodyOf(azure, check);
  const client = azure.clients(group.subscriptionId).deployments;
  const request = {
    properties: { ...properties, whatIfSettings: { resultFormat: 'ResourceIdOnly' as const } },
  };
  const result = await followToEnd(
    azure,
    { doing: 'Asking what would change by', resource: `deployment "${name}"` },
    {
      begin: (options) => client.deployments.whatIf(group.resourceGroup, name, request, options),
      restore: (token, options) =>
        armDeployments().restorePoller(client, token, client.deployments.whatIf, options),
    },
  );
  const changes = result?.changes ?? [];
  const made = changes.filter(({ changeType }) => changeType !== 'Ignore' && changeType !== 'Delete');
  return {
    findings: [
      deletions(changes),
      { what: 'Resources', expected: 'made or kept', found: counted(changes), ok: made.length > 0 },
      ...makes.map((id) => makesIt(id, made)),
    ],
    facts: { resources: made.length },
  };
}

function deletions(changes: readonly WhatIfChange[]): Finding {
  const gone = changes
    .filter(({ changeType }) => changeType === 'Delete')
    .map(({ resourceId }) => nameIn(resourceId));
  return {
    what: 'Deleted by it',
    expected: 'nothing',
    found: gone.length > 0 ? gone.join(', ') : 'nothing',
    ok: gone.length === 0,
  };
}

/** `13 Create, 1 Ignore` */
function counted(changes: readonly WhatIfChange[]): string {
  const kinds = [...new Set(changes.map(({ changeType }) => changeType))];
  const words = kinds.map(
    (kind) => `${changes.filter(({ changeType }) => changeType === kind).length} ${kind}`,
  );
  return words.join(', ') || 'none';
}

const makesIt = (id: string, made: readonly WhatIfChange[]): Finding => {
  const found = made.find(({ resourceId }) => sameName(resourceId, id));
  return {
    what: nameIn(id),
    expected: 'made by the template',
    found: found
      ? found.changeType
      : 'not in the template: compare the names in the estate file with its parameters',
    ok: found !== undefined,
  };
};

const nameIn = (id: string | undefined): string =>
  (id ?? 'a resource without an id').split('/').slice(-2).join(' ');
