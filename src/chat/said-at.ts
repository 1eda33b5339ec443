/** How old a message may be that somebody adds to a timeline, in milliseconds: a month. */
const OLDEST_MS = 31 * 86_400_000;

/**
 * When something was said, by Teams' own time for it: when it was heard instead where that is missing, still to come,
 * or older than any incident.
 */
export function saidAt(timestamp: unknown, heardAt: Date): Date {
  const said = typeof timestamp === 'string' ? new Date(timestamp) : new Date(Number.NaN);
  const ago = heardAt.getTime() - said.getTime();
  return ago >= 0 && ago <= OLDEST_MS ? said : heardAt;
}
