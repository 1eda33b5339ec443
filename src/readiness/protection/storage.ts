import { isGeoRedundant, type StorageAccount } from '../../azure/storage/account';
import { toTheSecond } from '../../azure/to-the-second';
import type { Known } from '../known';
import { type Protection, protection } from './finding';

/** Whether the storage account has a copy in a second region. */
export const storageRedundancy = (account: Known<StorageAccount | null>): Protection =>
  protection(
    { what: 'Storage: redundancy', assumed: 'Geo-redundant (GRS)' },
    account,
    ({ sku, secondaryLocation }) => {
      const geo = isGeoRedundant(sku);
      return {
        found: `${sku}${secondaryLocation ? `, copied to ${secondaryLocation}` : ''}`,
        verdict: geo ? 'kept' : 'weaker',
        words: geo
          ? 'It can be failed over; an unplanned failover leaves it in one region, to be made geo-redundant again.'
          : 'It is in one region alone: it cannot be failed over, only made anew, empty.',
      };
    },
  );

/** How old the copy is: what is written after it is lost by an unplanned failover. */
export const storageSync = (account: Known<StorageAccount | null>, now: Date): Protection =>
  protection({ what: 'Storage: age of the copy', assumed: '0 minutes' }, account, ({ replication }) => {
    if (!replication)
      return { found: 'there is no copy', verdict: 'weaker', words: 'See the redundancy above.' };
    const { lastSync, status } = replication;
    if (!lastSync)
      return {
        found: `unknown (${status})`,
        verdict: 'unknown',
        words: 'The loss of a failover could not be told now.',
      };
    const minutes = Math.max(0, Math.ceil((now.getTime() - lastSync.getTime()) / 60_000));
    return {
      found: `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, last synced ${toTheSecond(lastSync)} (${status})`,
      verdict: status === 'Live' && minutes === 0 ? 'kept' : 'weaker',
      words:
        'What was written after the Last Sync Time is lost by an unplanned failover, whatever the document says.',
    };
  });
