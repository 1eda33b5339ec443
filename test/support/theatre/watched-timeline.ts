import type { Draft, Entry } from '../../../src/incidents/event';
import type { Timeline } from '../../../src/incidents/timeline';

/** A timeline that tells what it is about to write and what it has just written, before anybody else learns of it. */
export const watchedTimeline = (
  timeline: Timeline,
  seen: {
    /** Called while no other writer can write, with what may be new. */
    readonly during?: (drafts: readonly Draft[]) => void;
    readonly after: (entries: readonly Entry[]) => void;
  },
): Timeline => {
  const appendAfter: Timeline['appendAfter'] = async (incident, draftsFor) => {
    const added = await timeline.appendAfter(incident, (entries) => {
      const drafts = draftsFor(entries);
      seen.during?.(drafts);
      return drafts;
    });
    seen.after(added);
    return added;
  };
  return { ...timeline, appendAfter, append: (incident, drafts) => appendAfter(incident, () => drafts) };
};
