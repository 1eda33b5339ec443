import type { DataChange } from '../state';

/** What had happened to the data up to a moment. */
export function historyUntil(history: readonly DataChange[], moment: Date): readonly DataChange[] {
  return history.filter((change) => Date.parse(change.at) <= moment.getTime());
}

/** How many rows there are after all those changes. */
export function rowCount(history: readonly DataChange[]): number {
  return history.reduce((rows, change) => rows + change.rows, 0);
}
