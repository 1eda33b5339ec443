import type { IncidentView } from '../engine/engine';
import type { Entry } from '../incidents/event';
import { runState } from '../incidents/run-state';
import { amendmentsIn } from '../words/amendments';
import { entryParts } from '../words/entry-words';
import { harmless, type Look, paintOf, wrap } from './look';

/** Entries that are shown otherwise here, or are no news: the gate's own panel, the plan, the reading of timelines. */
const unsaid = new Set(['gate.opened', 'timeline.read', 'check.begun', 'incident.opened']);

/** A line of the timeline, `09:12:07Z  Alex Wilber (terminal)  …`; null for what is not said here. */
export function drawEntry(view: IncidentView, entry: Entry, look: Look): string | null {
  if (unsaid.has(entry.event.type)) return null;
  const run =
    entry.run === null
      ? null
      : runState(
          entry.run,
          view.entries.filter((other) => other.seq <= entry.seq),
        );
  const { time, who, what: said } = entryParts(entry, run);
  // What was true then stands in the pause's own panel, as long as it is true.
  const what = entry.event.type === 'run.paused' ? '‖ Paused: a decision is needed.' : said;
  const paint = paintOf(look);
  const by = entry.actor.kind === 'person' ? `${harmless(who)}: ` : '';
  const words = wrap(
    `${time}  ${by}${harmless(`${what}${amendmentsIn(view.entries)(entry.seq)}`)}`,
    look.width,
    ' '.repeat(11),
  );
  if (/^✗/.test(what)) return paint.bad(words);
  if (/^✓/.test(what)) return paint.good(words);
  if (/^[‖↶]/.test(what)) return paint.warning(words);
  return words;
}
