import type { Database } from '@azure/arm-sql';
import { type Connection, databaseWords } from '../connection';
import { type LongRunning, longRunning } from '../handler';
import type { Look, OperationHandler, OperationOf, Sent } from '../operation';
import { databaseResourceId } from '../resource-id';
import { percentOf } from './database-operations';
import { factsOf, lookForNewDatabase } from './new-database';
import { linkTo } from './replication';

type CreateSecondary = OperationOf<'sql.create-secondary'>;

/** Databases_CreateOrUpdate on the partner server with `createMode: Secondary`: replication begins anew. */
export function createSecondary(azure: Connection): OperationHandler<CreateSecondary> {
  const one: LongRunning<CreateSecondary, Database, Database> = {
    rest: ({ partner, database }) => `PUT ${partner.server}/databases/${database} (createMode Secondary)`,
    target: ({ partner, database }) => `${partner.server}/${database}`,
    words: ({ partner, database }) => ({
      doing: 'Making the secondary,',
      resource: databaseWords(partner, database),
    }),
    look: (operation, sent) => look(azure, operation, sent),
    prepare: ({ server, database, partnerLocation, tier }) =>
      Promise.resolve({
        location: partnerLocation,
        createMode: 'Secondary',
        secondaryType: 'Geo',
        sourceDatabaseId: databaseResourceId(server, database),
        // A pool belongs to one server: the partner's own default holds where the primary is in one.
        ...(tier === 'ElasticPool' ? {} : { sku: { name: tier } }),
      }),
    send: ({ partner, database, partnerLocation }, prepared, options) =>
      azure
        .clients(partner.subscriptionId)
        .sql.databases.beginCreateOrUpdate(
          partner.resourceGroup,
          partner.server,
          database,
          prepared ?? { location: partnerLocation },
          options,
        ),
    facts: ({ partner, database }, result) => factsOf(azure, partner, database, result),
    percent: ({ partner, database }) => percentOf(azure, partner, database),
  };
  return longRunning(azure, one);
}

async function look(azure: Connection, operation: CreateSecondary, sent: Sent): Promise<Look> {
  const { server, database, partner } = operation;
  const link = await linkTo(azure, server, database, partner.server);
  if (!link) {
    return lookForNewDatabase(azure, partner, database, databaseResourceId(server, database), sent);
  }
  return link.replicationState === 'CATCH_UP'
    ? { state: 'done', facts: await factsOf(azure, partner, database, undefined) }
    : { state: 'under way', percent: link.percentComplete ?? null };
}
