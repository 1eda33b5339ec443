import type { Package } from '../../azure/packages/packages';
import { toTheSecond } from '../../azure/to-the-second';
import type { SettingsChange } from '../../azure/web/settings-changes';

/** Whether an earlier package can work on the database as it is now; `unknown` where either side does not say. */
export function schemaFits(target: Package, databaseSchema: number | null): 'yes' | 'no' | 'unknown' {
  if (target.schema === null || databaseSchema === null) return 'unknown';
  // An app brings an older database up to its own schema as it starts, and cannot work on a newer one.
  return target.schema >= databaseSchema ? 'yes' : 'no';
}

/** So long before a deployment the database was surely as it had been: clocks differ by seconds. */
const BEFORE_MS = 10_000;

/** The moment just before a deployment, to the second. */
export const justBefore = ({ at }: Pick<SettingsChange, 'at'>): string =>
  toTheSecond(new Date(Math.floor((at.getTime() - BEFORE_MS) / 1_000) * 1_000));
