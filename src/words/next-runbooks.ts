import type { NextRunbook } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';

/** What people may want next: after a good end what follows, after a refusal what would have worked. */
export function nextRunbooks({ finished, plan, instead }: RunState): readonly NextRunbook[] {
  if (finished?.outcome === 'refused') return instead;
  return finished?.outcome === 'completed' ? (plan?.next ?? []) : [];
}

/** The same once more, for when people have mended what stood in a plan's way; null where something else would work. */
export const sameAgain = ({ finished, instead, runbook, parameters }: RunState): NextRunbook | null =>
  finished?.outcome === 'refused' && instead.length === 0
    ? { words: 'Ask again', runbook, known: parameters }
    : null;

/** What {@link nextRunbooks} or {@link sameAgain} are, as a title above them. */
export function nextTitle(run: RunState): string {
  if (sameAgain(run)) return 'When the cause is mended';
  return run.finished?.outcome === 'refused' ? 'What would work instead' : 'What you may want next';
}
