import { type Connection, databaseWords } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import { lookWithTrace } from '../look-with-trace';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { observedProblem } from '../problem';
import { databaseResourceId } from '../resource-id';
import { linkTo } from './replication';

type EndReplication = OperationOf<'sql.end-replication'>;

/** ReplicationLinks_Delete: the secondary stays behind as a database of its own. */
export function endReplication(azure: Connection): OperationHandler<EndReplication> {
  const one: LongRunning<EndReplication, string, void> = {
    rest: ({ database, partnerServer }) =>
      `DELETE …/databases/${database}/replicationLinks/{link to ${partnerServer}}`,
    target: ({ database }) => database,
    words: ({ server, database, partnerServer }) => ({
      doing: `Ending the replication to ${partnerServer} of`,
      resource: databaseWords(server, database),
    }),
    look: (operation, sent) => look(azure, operation, sent),
    prepare: async ({ server, database, partnerServer }) => {
      const link = await linkTo(azure, server, database, partnerServer);
      if (link?.name) return link.name;
      throw observedProblem(
        'ReplicationLinkNotFound',
        `${databaseWords(server, database)} has no link to ${partnerServer} any more: somebody has ended it. Retry, and this step will be seen as done.`,
        true,
      );
    },
    // Azure's answer names the address to poll, so a resumed poll does without the link's id.
    send: ({ server, database }, linkId, options) =>
      azure
        .clients(server.subscriptionId)
        .sql.replicationLinks.beginDelete(
          server.resourceGroup,
          server.server,
          database,
          linkId ?? '',
          options,
        ),
    facts: () => Promise.resolve({}),
    percent: () => Promise.resolve(null),
  };
  return longRunning(azure, one);
}

async function look(azure: Connection, operation: EndReplication, sent: Sent): Promise<Look> {
  const { server, database, partnerServer } = operation;
  const link = await linkTo(azure, server, database, partnerServer);
  if (!link) return { state: 'done', facts: {} };
  const traced = {
    subscriptionId: server.subscriptionId,
    resourceId: link.id ?? `${databaseResourceId(server, database)}/replicationLinks/${link.name ?? ''}`,
    action: 'Microsoft.Sql/servers/databases/replicationLinks/delete',
  };
  return lookWithTrace(azure, traced, database, sent, async () =>
    (await linkTo(azure, server, database, partnerServer)) ? null : { state: 'done', facts: {} },
  );
}
