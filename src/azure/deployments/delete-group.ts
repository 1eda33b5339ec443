import type { Connection } from '../connection';
import { type Look, lookToken, type OperationHandler, type OperationOf } from '../operation';
import { pollByLooking } from '../poll-by-looking';
import { observedProblem } from '../problem';
import type { ResourceGroupRef } from '../refs';
import { groupExists, groupWords, resourceGroup, runTag } from './group';

type Delete = OperationOf<'group.delete'>;

/** ResourceGroups_Delete with everything in it; followed by looking, since the group is gone when it is over. */
export function deleteGroup(azure: Connection): OperationHandler<Delete> {
  const seen = (operation: Delete): Promise<Look> => look(azure, operation);
  return {
    rest: ({ group }) => `DELETE /resourcegroups/${group.resourceGroup}`,
    target: ({ group }) => group.resourceGroup,
    look: seen,
    begin: async ({ group }, sent) => {
      const { resources } = azure.clients(group.subscriptionId);
      const words = { doing: 'Deleting', resource: groupWords(group.resourceGroup) };
      await azure.call(words, (abortSignal) =>
        resources.resourceGroups.beginDelete(group.resourceGroup, {
          abortSignal,
          requestOptions: { customHeaders: { 'x-ms-client-request-id': sent.requestId } },
        }),
      );
      return { state: 'accepted', token: lookToken };
    },
    poll: (operation) => pollByLooking(operation, operation.group.resourceGroup, seen),
  };
}

async function look(azure: Connection, { group, run }: Delete): Promise<Look> {
  const found = await resourceGroup(azure, group);
  // Taken for absent it would be told as deleted, and go on costing and holding what was restored into it.
  if (!found) return (await groupExists(azure, group)) ? hidden(group) : { state: 'done', facts: {} };
  if (found.tags[runTag] !== run) {
    return {
      state: 'blocked',
      problem: observedProblem(
        'NotOurs',
        `The ${groupWords(found.name)} was not made by this run (${run}), so it is not deleted here. Nothing was changed. Skip this step, or delete it by hand if nobody needs it.`,
      ),
    };
  }
  return found.state === 'Deleting' ? { state: 'under way', percent: null } : { state: 'absent' };
}

const hidden = ({ resourceGroup: name }: ResourceGroupRef): Look => ({
  state: 'blocked',
  problem: observedProblem(
    'NotShown',
    `Azure says that there is a ${groupWords(name)}, and does not show it, so it cannot be told whether this run has made it. Nothing was deleted. Retry when it can be read, or delete it by hand if nobody needs it.`,
  ),
});
