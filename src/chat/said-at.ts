/** How far Teams' clock may be ahead of ours, in milliseconds: what is said to come within it was said just now. */
const MOST_AHEAD_MS = 60_000;

/** When Teams began. A time from before is none: software that knows no time writes the year 1 or 1970. */
const TEAMS_BEGAN = Date.UTC(2017, 2, 14);

/** When something was said; `own` is false where Teams gave no time that can be right, and it is when we heard it. */
export interface SaidAt {
  readonly at: Date;
  readonly own: boolean;
}

/** When something was said, by Teams' own time for it, however long ago that is; never later than it was heard. */
export function saidAt(timestamp: unknown, heardAt: Date): SaidAt {
  const said = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  const ahead = said - heardAt.getTime();
  if (!(said >= TEAMS_BEGAN && ahead <= MOST_AHEAD_MS)) return { at: heardAt, own: false };
  return { at: ahead > 0 ? heardAt : new Date(said), own: true };
}
