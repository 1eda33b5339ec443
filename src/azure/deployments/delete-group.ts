import type { Connection } from '../connection';
import { type Look, lookToken, type OperationHandler, type OperationOf } from '../operation';
import { pollByLooking } from '../poll-by-looking';
import { observedProblem } from '../problem';
import { groupWords, resourceGroup, runTag } from './group';

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
  if (!found) return { state: 'done', facts: {} };
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
