import { type Connection, databaseWords } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import { databaseResourceId, sameName } from '../resource-id';
import { sdkDatabase } from './sdk-database';

type Rename = OperationOf<'sql.rename'>;

/** Databases_Rename: the data keeps its GUID, so it can be told under which name it is. */
export function rename(azure: Connection): OperationHandler<Rename> {
  const one: AtOnce<Rename> = {
    rest: ({ from, to }) => `POST …/databases/${from}/move → ${to}`,
    target: ({ from }) => from,
    words: ({ server, from, to }) => ({
      doing: `Renaming to "${to}"`,
      resource: databaseWords(server, from),
    }),
    look: (operation) => look(azure, operation),
    send: async ({ server, from, to, databaseId }, sent, abortSignal) => {
      const { sql } = azure.clients(server.subscriptionId);
      await sql.databases.rename(
        server.resourceGroup,
        server.server,
        from,
        { id: databaseResourceId(server, to) },
        { abortSignal, requestOptions: { customHeaders: { 'x-ms-client-request-id': sent.requestId } } },
      );
      return { databaseId };
    },
  };
  return atOnce(azure, one);
}

async function look(azure: Connection, { server, from, to, databaseId }: Rename): Promise<Look> {
  // In this order: a rename that happens between the two readings is then seen under its new name.
  const here = await sdkDatabase(azure, server, from);
  const there = await sdkDatabase(azure, server, to);
  if (there && sameName(there.databaseId, databaseId)) return { state: 'done', facts: { databaseId } };
  if (there) {
    return blocked(
      'NameTaken',
      `The name "${to}" on ${server.server} is held by another database (${there.databaseId ?? 'no id'}), so "${from}" cannot take it. Nothing was changed. Rename or delete that one, then retry.`,
    );
  }
  if (!here) {
    return blocked(
      'SourceDatabaseNotFound',
      `There is neither "${from}" nor "${to}" on ${server.server}: somebody has renamed or deleted the database (${databaseId}). Find it in the Azure portal before going on.`,
    );
  }
  if (sameName(here.databaseId, databaseId)) return { state: 'absent' };
  return blocked(
    'DatabaseReplaced',
    `"${from}" on ${server.server} is not the database that the plan was made for: expected ${databaseId}, found ${here.databaseId ?? 'no id'}. Nothing was changed. Find the planned one in the Azure portal before going on.`,
  );
}

const blocked = (code: string, said: string): Look => ({
  state: 'blocked',
  problem: observedProblem(code, said),
});
