import type { IncidentView } from '../../engine/engine';
import { openReviews } from '../../engine/hear-exceptions';
import type { RunState } from '../../incidents/run-state';
import { clocks } from '../../words/clocks';
import { placeWords, severityOf } from '../../words/place';
import { cut, type Limits, plain } from '../../words/plain';
import { sayCount, sayDuration, sayUtc } from '../../words/say';
import { situation, type Tone } from '../../words/situation';
import { type Card, type CardData, fitting, renderCard } from './render-card';

/** Every incident that is open, one line each: where it stands, who holds it, for how long. */
export function drawStatus(views: readonly IncidentView[], now: Date): Card {
  const rows = views.flatMap((view) => shownRuns(view).map((run) => ({ view, run })));
  const title =
    rows.length === 0 ? 'Nothing is open: no incident, no run' : `${sayCount(rows.length, 'run')} to look at`;
  return fitting((limits) =>
    renderCard('status', {
      title,
      incidents: rows.slice(0, limits.rows).map(({ view, run }) => rowData(view, run, now, limits)),
      more: rows.length > limits.rows ? `… and ${rows.length - limits.rows} more` : '',
      fallback: plain(
        [title, ...rows.map(({ run }) => `${run.title}: ${situation(run, []).line}`)].join('. '),
        300,
      ),
      footer: [
        `As of ${sayUtc(now).slice(11, 16)}Z`,
        ...(views.some((view) => view.simulated) ? ['Simulated Azure'] : []),
      ].join(' · '),
    }),
  );
}

/** The runs that are not over; where all are, the last one. */
function shownRuns(view: IncidentView): readonly RunState[] {
  const open = view.runs.filter((run) => !run.finished || openReviews(run).length > 0);
  return open.length > 0 ? open : view.runs.slice(-1);
}

function rowData(view: IncidentView, run: RunState, now: Date, limits: Limits): CardData {
  const stands = situation(run, []);
  const { total } = clocks(view.entries, run, now);
  return {
    symbol: stands.symbol,
    color: colorOf(stands.tone),
    line: cut(stands.line, limits.text),
    title: cut(`${run.title} · ${view.app}`, limits.text),
    holder: cut(
      [stands.holder, waitingReviews(openReviews(run).length)].filter(Boolean).join(' · '),
      limits.text,
    ),
    place: cut(`${placeWords(view, severityOf(view), run)} · ${sayDuration(total)}`, 180),
  };
}

function waitingReviews(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? 'A break-glass waits for a review: "@dr sign review"'
    : `${count} break-glasses wait for a review: "@dr sign review"`;
}

const colorOf = (tone: Tone) => (tone === 'emphasis' ? 'default' : tone);
