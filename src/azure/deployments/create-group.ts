import type { Connection } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import type { ResourceGroupRef } from '../refs';
import { groupExists, groupWords, resourceGroup, runTag } from './group';

type Create = OperationOf<'group.create'>;

/** ResourceGroups_CreateOrUpdate: the group carries the run's name, so that only what the run made is ever deleted. */
export function createGroup(azure: Connection): OperationHandler<Create> {
  const one: AtOnce<Create> = {
    rest: ({ group, location }) => `PUT /resourcegroups/${group.resourceGroup} (${location})`,
    target: ({ group }) => group.resourceGroup,
    words: ({ group }) => ({ doing: 'Making', resource: groupWords(group.resourceGroup) }),
    look: (operation) => look(azure, operation),
    send: async ({ group, location, run }, sent, abortSignal) => {
      await azure
        .clients(group.subscriptionId)
        .resources.resourceGroups.createOrUpdate(
          group.resourceGroup,
          { location, tags: { [runTag]: run } },
          { abortSignal, requestOptions: { customHeaders: { 'x-ms-client-request-id': sent.requestId } } },
        );
      return {};
    },
  };
  return atOnce(azure, one);
}

async function look(azure: Connection, { group, run }: Create): Promise<Look> {
  const found = await resourceGroup(azure, group);
  // Taken for absent it would be made ours, and deleted when people go back.
  if (!found) return (await groupExists(azure, group)) ? denied(group) : { state: 'absent' };
  if (found.tags[runTag] === run && found.state !== 'Deleting') return { state: 'done', facts: {} };
  return {
    state: 'blocked',
    problem: observedProblem(
      'NameTaken',
      `There is a ${groupWords(found.name)} already, in ${found.location}, that this run has not made${found.state === 'Deleting' ? ' and that is being deleted' : ''}. Nothing was changed. Ask for the scenario again: the plan then builds on it.`,
    ),
  };
}

const denied = ({ resourceGroup: name }: ResourceGroupRef): Look => ({
  state: 'blocked',
  problem: observedProblem(
    'NameTaken',
    `Azure says that there is a ${groupWords(name)}, and does not show it. Retry when it can be read; if this run has not made it, ask for the scenario again: the plan then builds on it.`,
  ),
});
