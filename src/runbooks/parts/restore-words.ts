import type { Database } from '../../azure/azure';
import type { Plan } from '../../incidents/plan';
import { replicationWords } from './replication';

/** What a restore is asked to do, as far as its words need it. */
interface Wanted {
  readonly at: string;
  readonly how: 'swap' | 'beside';
}

/** What the restore loses, counted from when it was asked for. */
export const lossFor = (wanted: Wanted, requestedAt: Date): Plan['loss'] => {
  if (wanted.how === 'beside')
    return { minutes: 0, words: 'None: production is not touched.', from: null, settledBy: null };
  const minutes = Math.max(0, Math.ceil((requestedAt.getTime() - Date.parse(wanted.at)) / 60_000));
  const unit = minutes === 1 ? 'minute' : 'minutes';
  return {
    ...{ minutes, from: wanted.at, settledBy: 'set-aside' },
    words: `${minutes} ${unit} of writes: everything after the restore point, and whatever is written until the swap. It stays readable in the database that is set aside.`,
  };
};

/** How long it takes, from our own past restores where there are any. `rest` are the minutes of what follows them. */
export const durationFor = (restoreMinutes: number | null, rest: number): Plan['duration'] => {
  if (restoreMinutes === null)
    return { minutes: 60, basis: 'document', words: '30 to 60 minutes by the document; never run here yet' };
  const minutes = Math.ceil(restoreMinutes + rest);
  return { minutes, basis: 'past runs', words: `about ${minutes} minutes, as our own past restores took` };
};

/** What people must know before they say yes to a restore. */
export function noticesFor(wanted: Wanted, source: Database, names: { old: string }): string[] {
  if (wanted.how === 'beside')
    return ['Production is not touched. The copy costs as much as the original until it is removed.'];
  const replicated = source.failoverGroup !== null || source.replication.length > 0;
  return [
    `Between the two renames the app has no database, for about a minute.`,
    ...(replicated
      ? [
          `${replicationWords(source)} That protection is off from the swap until a new secondary has been seeded.`,
        ]
      : []),
    `${names.old} keeps the data of now and its restore history. The restored database has no restore history of its own until its first backups are done, so keep ${names.old} until the retention period has passed.`,
  ];
}

/** What is left to people: what Azure does not carry over to a restored database, or what a copy beside it is for. */
export function afterwardsFor(wanted: Wanted, source: Database, names: { copy: string }): string[] {
  if (wanted.how === 'beside')
    return [
      `To bring back selected rows (Option B), copy them from ${names.copy} to ${source.name} with your own SQL tool: the bot copies no rows. Then restart the app if it does not show them.`,
    ];
  const tags = Object.keys(source.tags);
  return [
    ...(source.retentionDays !== null && source.retentionDays !== 7
      ? [
          `Backups were kept ${source.retentionDays} days; the restored database starts with Azure's default of 7. Set it again.`,
        ]
      : []),
    ...(tags.length > 0 ? [`Azure does not restore tags. Set them again: ${tags.join(', ')}.`] : []),
  ];
}

/** A size in bytes for people. */
export const sizeWords = (bytes: number | null): string =>
  bytes === null
    ? 'unknown'
    : bytes < 1e9
      ? `${Math.max(1, Math.round(bytes / 1e6))} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`;
