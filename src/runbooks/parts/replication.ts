import type { Database, ReplicationLink } from '../../azure/azure';
import type { SqlServerRef } from '../../azure/refs';
import type { CompileContext } from '../../engine/runbook';
import { step } from '../../engine/stage-builders';
import type { StepStage } from '../../incidents/plan';

/** A database with its replicas, and the name that is free for what is set aside. */
export interface Replicated {
  readonly source: Database;
  readonly names: { readonly old: string };
  readonly secondaries: readonly Secondary[];
}

/** A replica that has to be taken off and put back: where it is, and the id of its data. */
export interface Secondary {
  readonly partner: SqlServerRef;
  readonly partnerServer: string;
  readonly partnerLocation: string;
  readonly databaseId: string;
}

/** The replica at the other end of a link. @throws Error when it cannot be read: then it could not be put back. */
export async function secondaryOf(link: ReplicationLink, { azure }: CompileContext): Promise<Secondary> {
  const { partner, partnerServer, partnerLocation, partnerDatabase } = link;
  const database = partner && (await azure.database(partner, partnerDatabase));
  if (!partner || !database)
    throw new Error(`The replica of this database on ${partnerServer} cannot be read.`);
  return { partner, partnerServer, partnerLocation, databaseId: database.databaseId };
}

/** A replicated database cannot be renamed: group and link come off first, the old secondary is set aside. */
export function replicationOff(
  { source, names, secondaries }: Replicated,
  { app, azure }: CompileContext,
): StepStage[] {
  const server = app.sqlServer;
  const database = source.name;
  const group = source.failoverGroup?.name;
  return [
    ...(group === undefined
      ? []
      : [
          step(azure, 'leave-failover-group', {
            title: `Take ${database} out of the failover group ${group}`,
            minutes: 2,
            does: { op: 'sql.leave-failover-group', server, failoverGroup: group, database },
            back: { undo: [{ op: 'sql.join-failover-group', server, failoverGroup: group, database }] },
          }),
        ]),
    ...secondaries.flatMap(({ partner, partnerServer, partnerLocation, databaseId }, index) => {
      const suffix = index === 0 ? '' : `-${index + 1}`;
      const secondary = {
        op: 'sql.create-secondary',
        server,
        database,
        partner,
        partnerLocation,
        tier: source.tier,
      } as const;
      const aside = { op: 'sql.rename', server: partner, from: database, to: names.old, databaseId } as const;
      return [
        step(azure, `end-replication${suffix}`, {
          title: `End the replication to ${partnerServer}`,
          minutes: 1,
          does: { op: 'sql.end-replication', server, database, partnerServer },
          // Azure seeds a new secondary only where no other database has its name.
          back: { undo: group === undefined ? [aside, secondary] : [aside] },
        }),
        step(azure, `set-secondary-aside${suffix}`, {
          title: `Rename the old secondary on ${partnerServer} to ${names.old}`,
          minutes: 1,
          does: aside,
          // It stays aside even when the swap is taken back: replication seeds a new secondary under the name.
          back: { undo: [] },
        }),
      ];
    }),
  ];
}

/** Puts back what {@link replicationOff} took off, for the database that now has the name. */
export function replicationBack(
  { source, secondaries }: Replicated,
  { app, azure }: CompileContext,
): StepStage[] {
  const server = app.sqlServer;
  const database = source.name;
  const group = source.failoverGroup?.name;
  if (group !== undefined)
    return [
      step(azure, 'join-failover-group', {
        title: `Put ${database} back into ${group}; Azure seeds a new secondary`,
        minutes: 15,
        does: { op: 'sql.join-failover-group', server, failoverGroup: group, database },
        touches: secondaries.map(({ partnerServer }) => partnerServer),
        back: { undo: [{ op: 'sql.leave-failover-group', server, failoverGroup: group, database }] },
      }),
    ];
  return secondaries.map(({ partner, partnerServer, partnerLocation }, index) =>
    step(azure, `create-secondary${index === 0 ? '' : `-${index + 1}`}`, {
      title: `Replicate ${database} to ${partnerServer} again`,
      minutes: 15,
      does: { op: 'sql.create-secondary', server, database, partner, partnerLocation, tier: source.tier },
      back: { undo: [{ op: 'sql.end-replication', server, database, partnerServer }] },
    }),
  );
}

/** Whether and where a database is replicated, for people. */
export function replicationWords(database: Database): string {
  const partners = database.replication
    .map((link) => `${link.partnerServer} (${link.partnerLocation})`)
    .join(', ');
  if (database.failoverGroup)
    return `It is in the failover group ${database.failoverGroup.name}${partners ? `, replicated to ${partners}` : ''}.`;
  return partners
    ? `It is geo-replicated to ${partners}.`
    : 'It is not geo-replicated and in no failover group.';
}
