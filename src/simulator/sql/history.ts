import type { DataChange } from '../state';
import { timeStamp, type World } from '../world';
import { isSecondary } from './databases';

/** What had happened to the data up to a moment. */
export function historyUntil(history: readonly DataChange[], moment: Date): readonly DataChange[] {
  return history.filter((change) => Date.parse(change.at) <= moment.getTime());
}

/** The schema that the data has after all those changes; `first` where no release has moved it. */
export function schemaAfter(history: readonly DataChange[], first: number): number {
  return history.findLast((change) => change.schema !== undefined)?.schema ?? first;
}

/** How many rows there are after all those changes. */
export function rowCount(history: readonly DataChange[]): number {
  return history.reduce((rows, change) => rows + change.rows, 0);
}

/** Somebody adds rows to a database, or deletes as many when the number is negative. Throws when there is no such database. */
export function changeRows(world: World, name: string, by: string, rows: number): void {
  const database = world.state.databases.find(
    (known) => known.name.toLowerCase() === name.toLowerCase() && !isSecondary(world, known),
  );
  if (database === undefined) {
    throw new Error(`There is no database "${name}".`);
  }
  const most = rowCount(database.history);
  if (!Number.isInteger(rows) || rows === 0 || -rows > most) {
    throw new RangeError(`Give a whole number of rows: up to ${most} can be deleted, not ${-rows}.`);
  }
  const what = `${by} ${rows < 0 ? 'deleted' : 'made'} ${Math.abs(rows)} requests`;
  const change = { at: timeStamp(world), table: 'requests', rows, by, what } as const;
  database.history = [...database.history, change];
}
