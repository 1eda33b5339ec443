import type { IncidentView } from '../../engine/engine';
import type { RunState } from '../../incidents/run-state';
import { amendmentsIn } from '../../words/amendments';
import { entryParts } from '../../words/entry-words';
import { cut, plain } from '../../words/plain';
import { sayUtc } from '../../words/say';
import { type Card, fitting, renderCard } from './render-card';

/** When the timeline is drawn, and where the whole of it can be had. */
export interface TimelineOptions {
  readonly now: Date;
  readonly links?: readonly { readonly title: string; readonly url: string }[] | undefined;
}

/** The newest part of an incident's timeline, oldest line first, with the seal of its last entry. */
export function drawTimeline(view: IncidentView, { now, links = [] }: TimelineOptions): Card {
  const lines = view.entries
    .map((entry) => ({ ...entryParts(entry, runOf(view, entry.run)), seq: entry.seq }))
    .filter((line) => line.show);
  const amended = amendmentsIn(view.entries);
  const last = view.entries.at(-1);
  return fitting((limits) => {
    const shown = lines.slice(-limits.rows);
    const left = lines.length - shown.length;
    return renderCard('timeline', {
      title: cut(view.title, limits.text),
      place: cut(
        `Incident ${view.incident} · ${view.app} · ${view.entries.length === 1 ? '1 entry' : `${view.entries.length} entries`}`,
        160,
      ),
      more: left > 0 ? `… and ${left} earlier: @dr timeline export` : '',
      entries: shown.map(({ seq, time, who, what }) => ({
        number: `#${seq}`,
        time,
        who: cut(who, 60),
        what: cut(what, limits.text),
        // Cut by itself: a correction must not be what falls off the end of a long entry.
        amended: cut(amended(seq), limits.text),
      })),
      seal: last ? last.hash.slice(0, 16) : 'none yet',
      links: links.slice(0, 4).map(({ title, url }) => ({ title: cut(title, 60), url })),
      fallback: plain(`Timeline of ${view.title}: ${lines.length} lines. Open this in a newer Teams.`, 300),
      footer: [
        `As of ${sayUtc(now)}`,
        ...(view.simulated ? ['Simulated Azure: no real system is changed'] : []),
      ].join(' · '),
    });
  });
}

/** The run that an entry belongs to, as it stands. */
export const runOf = (view: IncidentView, run: string | null): RunState | null =>
  view.runs.find((one) => one.run === run) ?? null;
