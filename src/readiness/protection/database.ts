import type { Database } from '../../azure/azure';
import type { Backups } from '../../azure/sql/backups';
import type { GeoBackup } from '../../azure/sql/recoverable';
import { toTheSecond } from '../../azure/to-the-second';
import type { ProtectedApp } from '../../engine/estate';
import type { Known } from '../known';
import { type Protection, protection } from './finding';

/** How far back mistakes in the data can be undone. */
export const restoreWindow = (database: Known<Database | null>): Protection =>
  protection(
    { what: 'Point-in-time restore', assumed: '7 days' },
    database,
    ({ retentionDays, earliestRestore }) => {
      const since = earliestRestore ? `, back to ${toTheSecond(earliestRestore)}` : '';
      if (retentionDays === null)
        return { found: `unknown${since}`, verdict: 'unknown', words: 'Azure does not say how many days.' };
      return {
        found: `${retentionDays} days${since}`,
        verdict: retentionDays >= 7 ? 'kept' : 'weaker',
        words: 'A deletion that is noticed later than that cannot be undone from these backups.',
      };
    },
  );

/** Whether the backups outlive their region. */
export const backupRedundancy = (
  backups: Known<Backups | null>,
  { primaryRegion }: ProtectedApp,
): Protection =>
  protection(
    { what: 'Where backups are kept', assumed: 'Geo-redundant (cross-region)' },
    backups,
    ({ redundancy }) => {
      if (redundancy === null) return { found: 'unknown', verdict: 'unknown', words: 'Azure does not say.' };
      const geo = /^Geo/i.test(redundancy);
      return {
        found: geo ? `geo-redundant (${redundancy})` : `in one region (${redundancy})`,
        verdict: geo ? 'kept' : 'weaker',
        words: geo
          ? 'They can be restored in another region when this one is gone.'
          : `When ${primaryRegion} is gone, so are the backups: Scenario 3 cannot bring the data back.`,
      };
    },
  );

/** How old the newest geo-backup is: what a lost region would cost, unless the data is replicated as well. */
export const geoBackupAge = (
  geo: Known<GeoBackup | null>,
  { objectives, secondaryRegion }: ProtectedApp,
  now: Date,
): Protection => {
  const { rpoMinutes } = objectives;
  const head = { what: 'Newest geo-backup', assumed: `${rpoMinutes} minutes (RPO)` };
  if ('value' in geo && geo.value === null)
    return {
      ...{ ...head, found: 'Azure has none', verdict: 'weaker' },
      words: `The data could not be brought up in ${secondaryRegion} today.`,
    };
  return protection(head, geo, ({ at }) => {
    if (!at)
      return { found: 'there is one, of unknown age', verdict: 'unknown', words: 'Azure does not say.' };
    const minutes = Math.max(0, Math.ceil((now.getTime() - at.getTime()) / 60_000));
    return {
      found: `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} old, of ${toTheSecond(at)}`,
      verdict: minutes <= rpoMinutes ? 'kept' : 'weaker',
      words:
        minutes <= rpoMinutes
          ? 'So much would be lost if the region went now.'
          : 'So much would be lost if the region went now: more than the objective. Only replication (Tier 3) makes it less.',
    };
  });
};

/** How often Azure writes differential backups. */
export const differentialBackups = (backups: Known<Backups | null>): Protection =>
  protection(
    { what: 'Differential backups', assumed: 'every 12-24 hours' },
    backups,
    ({ differentialHours: hours }) =>
      hours === null
        ? { found: 'unknown', verdict: 'unknown', words: 'Azure does not say.' }
        : {
            found: `every ${hours} hours`,
            verdict: hours <= 24 ? 'kept' : 'weaker',
            words: 'The rarer they are, the longer a restore takes.',
          },
  );

/** Whether a second server holds the data all the time. */
export function replication(database: Known<Database | null>, { tier }: ProtectedApp): Protection {
  const assumed = tier === 3 ? 'active geo-replication in a failover group (Tier 3)' : 'none (Tier 2)';
  return protection({ what: 'Replication', assumed }, database, ({ replication: links, failoverGroup }) => {
    const found =
      links.length === 0
        ? 'none'
        : links
            .map(
              ({ partnerServer, partnerLocation, state }) =>
                `${partnerServer} in ${partnerLocation}, ${state}`,
            )
            .join('; ');
    const group = failoverGroup ? `, in the failover group ${failoverGroup.name}` : '';
    if (tier === 2)
      return {
        found: `${found}${group}`,
        verdict: 'kept',
        words:
          links.length === 0
            ? 'A lost region is restored from the geo-backup.'
            : 'More than Tier 2 asks for.',
      };
    const whole = failoverGroup !== null && links.some(({ state }) => state === 'CATCH_UP');
    return {
      found: `${found}${group}`,
      verdict: whole ? 'kept' : 'weaker',
      words: whole
        ? 'A lost region is answered by failing the group over.'
        : 'The short way of Tier 3 is not open: nothing could be failed over now.',
    };
  });
}
