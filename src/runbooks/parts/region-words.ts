import { toTheSecond } from '../../azure/to-the-second';
import type { CompileContext } from '../../engine/runbook';
import { criticalPath } from '../../incidents/critical-path';
import type { Plan, Stage } from '../../incidents/plan';
import { isUnread } from './or-unread';
import { type NewestBackup, NONE, type RegionFound } from './region-found';
import { namesOf } from './region-stages';
import { primarySite } from './sites';
import { trafficNotices } from './traffic';

/** What Azure promises for geo-backups: they are replicated hourly, so up to an hour is lost with a region. */
const PROMISED = 'Azure promises no better than an hour when a region is lost';

/** How old the newest geo-backup is. */
export function regionLoss(backup: NewestBackup, requestedAt: Date): Plan['loss'] {
  const at = backup && !isUnread(backup) ? backup.at : null;
  if (at === null)
    return {
      ...{ minutes: null, from: null, settledBy: null },
      words: `Not known: Azure does not tell how old the newest geo-backup is (${backup && isUnread(backup) ? backup.unread : 'no time given'}). ${PROMISED}.`,
    };
  const minutes = Math.max(0, Math.ceil((requestedAt.getTime() - at.getTime()) / 60_000));
  return {
    ...{ minutes, from: at.toISOString(), settledBy: null },
    words: `${minutes} minutes at most: everything written after ${toTheSecond(at)}, the newest geo-backup. ${PROMISED}. Azure takes the newest one there is when the restore begins.`,
  };
}

/** The longest chain of what this bot measured, or the document's estimate. */
export function regionDuration(
  stages: readonly Stage[],
  until: string,
  { past }: CompileContext,
): Plan['duration'] {
  const measured =
    past('failover-region', 'geo-restore') !== null && past('failover-region', 'deploy') !== null;
  const { length } = criticalPath(stages, until, (stage) =>
    stage.kind === 'gate' ? 0 : (past('failover-region', stage.name) ?? stage.expectedMinutes),
  );
  if (!measured || length === null)
    return { minutes: 240, basis: 'document', words: '2 to 4 hours by the document; never run here yet' };
  const minutes = Math.ceil(length);
  return {
    ...{ minutes, basis: 'past runs' },
    words: `about ${minutes} minutes: the longest chain of what our own past runs took, the rest beside it`,
  };
}

/** What people must know before they say yes, most important first. */
export function regionNotices(found: RegionFound, { app, run }: CompileContext): readonly string[] {
  const { primary, site, secondary, standing, template, templateUnread, traffic, way } = found;
  const { aside } = namesOf(app.database, run);
  return [
    ...(primary.green
      ? [
          `${app.title} ANSWERS and is GREEN in ${app.primaryRegion} right now (${primary.words}). Failing over now loses what was written since the geo-backup for nothing, unless this is an exercise.`,
        ]
      : []),
    ...(standing.database === NONE
      ? []
      : [
          `${secondary.sqlServer.server} has a ${app.database} already. It is kept, under the name ${aside}.`,
        ]),
    ...(standing.group === NONE
      ? [
          `Nothing is in ${secondary.resourceGroup} yet, so nothing there can be changed or deleted. What Azure would make is checked before it is made.`,
        ]
      : []),
    ...(template
      ? []
      : [
          `${templateUnread} Azure may be able to read it; then what it makes is checked before it is made. To be sure of the template, ask again when it can be read.`,
        ]),
    `A new storage account starts empty: jobs that wait in ${app.storage.account} are not carried over.`,
    ...trafficNotices(traffic, { to: site, from: primarySite(app) }, app),
    ...way.notices,
    `What is made in ${site.region} costs as much as the app in ${app.primaryRegion}, until one of them is removed.`,
  ];
}

/** What is left to people afterwards. */
export function regionAfterwards(found: RegionFound, { app, run }: CompileContext): readonly string[] {
  const { aside } = namesOf(app.database, run);
  return [
    ...found.way.afterwards,
    `From now on data is written in ${found.site.region}. When ${app.primaryRegion} comes back, keep people away from ${app.webApp.app} there: its data is of before.`,
    `The recovered database starts with Azure's default of 7 days of backups and without restore history, alerts or long-term retention. Set them again.`,
    `${aside} holds what was under the name ${app.database} before. Delete it by hand when nobody needs it.`,
  ];
}
