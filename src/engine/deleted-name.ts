/** Windows file-time ticks (100 ns since 1601) of the Unix epoch. */
const EPOCH = 116_444_736_000_000_000n;

/**
 * A deleted database by Azure's own name of it, `<name>,<deletion in ticks>` (RestorableDroppedDatabases): what it was
 * called, and when it was deleted. Null for any other name.
 */
export function deletedName(id: string): { readonly name: string; readonly deletedAt: Date } | null {
  const [, name, ticks] = /^(.+),(\d{17,19})$/.exec(id) ?? [];
  if (name === undefined || ticks === undefined) return null;
  return { name, deletedAt: new Date(Number((BigInt(ticks) - EPOCH) / 10_000n)) };
}

/** A database for people: `AppRequestPortal`, or `AppRequestPortal (deleted 2026-02-14T10:00:05Z)`. */
export function databaseShown(name: string): string {
  const deleted = deletedName(name);
  if (!deleted) return name;
  return `${deleted.name} (deleted ${deleted.deletedAt.toISOString().replace(/\.\d+Z$/, 'Z')})`;
}
