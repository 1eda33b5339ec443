import type { NextRunbook } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';

/** What people may want next: after a good end what follows, after a refusal what would have worked. */
export function nextRunbooks({ finished, plan, instead }: RunState): readonly NextRunbook[] {
  if (finished?.outcome === 'refused') return instead;
  return finished?.outcome === 'completed' ? (plan?.next ?? []) : [];
}

/** What {@link nextRunbooks} are, as a title above them. */
export const nextTitle = ({ finished }: RunState): string =>
  finished?.outcome === 'refused' ? 'What would work instead' : 'What you may want next';
