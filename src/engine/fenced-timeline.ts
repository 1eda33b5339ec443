import type { Fence } from '../fence';
import type { Timeline } from '../incidents/timeline';

/**
 * A timeline that is written to only while the fence lets through, looked at when no other writer can write any more.
 * What a process that was replaced has found out meanwhile (its time is up, Azure did not answer) is not so for the one
 * that goes on.
 */
export const fencedTimeline = (timeline: Timeline, fence: Fence): Timeline => {
  const appendAfter: Timeline['appendAfter'] = (incident, draftsFor) =>
    timeline.appendAfter(incident, (entries) => {
      fence();
      return draftsFor(entries);
    });
  return { ...timeline, appendAfter, append: (incident, drafts) => appendAfter(incident, () => drafts) };
};
