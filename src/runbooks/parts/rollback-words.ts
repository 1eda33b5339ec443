import type { Package } from '../../azure/packages/packages';
import type { CompileContext } from '../../engine/runbook';
import type { Plan } from '../../incidents/plan';
import { afterwardsFor, lossFor, noticesFor } from './restore-words';
import type { Rollback } from './rollback-stages';
import { schemaFits } from './schema';

/** What the rollback loses: nothing by the package, everything after the restore point by the database. */
export const rollbackLoss = ({ database }: Rollback, requestedAt: Date): Plan['loss'] =>
  database
    ? lossFor(database.wanted, requestedAt)
    : { minutes: 0, words: 'None: the database is not touched.', from: null, settledBy: null };

/** How long it takes, by our own past runs where there are any. */
export function rollbackDuration({ database }: Rollback, { past }: CompileContext): Plan['duration'] {
  const parts = ['set-package', 'restart', 'version', 'healthy'].map((stage) => past('rollback-app', stage));
  const own = parts.every((part) => part !== null) ? parts.reduce((sum, part) => sum + part, 0) : null;
  const restore = database ? past('restore-database', 'restore') : 0;
  if (own !== null && restore !== null) {
    const minutes = Math.max(1, Math.ceil(Math.max(own, restore + own)));
    return { minutes, basis: 'past runs', words: `about ${minutes} minutes, as our own past runs took` };
  }
  return database
    ? {
        ...{ minutes: 75, basis: 'document' },
        words: '5 to 15 minutes by the document, and 30 to 60 more for the database; never run here yet',
      }
    : { minutes: 15, basis: 'document', words: '5 to 15 minutes by the document; never run here yet' };
}

/** What people must know before they say yes. */
export function rollbackNotices(
  { fromVersion, toVersion, database }: Rollback,
  target: Package,
  databaseSchema: number | null,
): readonly string[] {
  const fits = schemaFits(target, databaseSchema);
  return [
    'Setting the package restarts the app: it does not answer for a minute or two.',
    ...(database
      ? [
          `Until the swap, ${toVersion} runs on the database as it is now and may be red.`,
          ...noticesFor(database.wanted, database.found.source, database.found.names),
        ]
      : []),
    ...(!database && fits === 'unknown'
      ? [
          `Nobody says whether ${fromVersion} has moved the database's schema. If it has, ${toVersion} will not turn green: undo, and ask again with the database.`,
        ]
      : []),
  ];
}

/** What is left to people once it is done. */
export const rollbackAfterwards = ({ fromVersion, database }: Rollback): readonly string[] => [
  `See to it that no pipeline deploys ${fromVersion} again before it is mended.`,
  ...(database ? afterwardsFor(database.wanted, database.found.source, database.found.names) : []),
];
