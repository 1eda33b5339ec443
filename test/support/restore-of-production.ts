import type { OperationOf } from '../../src/azure/operation';
import { production, server } from './demo-estate';

/** The name that a test restores to unless it says otherwise. */
export const copy = 'AppRequestPortal-copy';

/** So many minutes before now. */
export const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

type Restore = OperationOf<'sql.point-in-time-restore'>;

/** A restore of the production database as it was half an hour ago. */
export const restore = (more: Partial<Restore> = {}): Restore => ({
  op: 'sql.point-in-time-restore',
  server,
  source: production,
  target: copy,
  at: minutesAgo(30).toISOString(),
  tier: 'S0',
  location: 'eastus',
  ...more,
});
