import type { IncidentView } from '../../engine/engine';
import type { RunState } from '../../incidents/run-state';
import { leftovers } from '../../words/leftovers';
import { nextRunbooks, nextTitle, sameAgain } from '../../words/next-runbooks';
import { placeWords, severityOf } from '../../words/place';
import { cut, firstOf, plain } from '../../words/plain';
import { reportOf } from '../../words/report-facts';
import { sayUtc } from '../../words/say';
import { stageRows } from '../../words/stage-rows';
import type { Sign } from '../action';
import { button } from './button';
import { type Card, fitting, renderCard } from './render-card';

/** When the report is drawn; with `sign`, what is left behind can be removed from the card, and what comes next begun. */
export interface ReportOptions {
  readonly now: Date;
  readonly sign?: Sign | undefined;
}

const mostCleanUps = 3;
const mostNext = 5;

/** The report of a run: time and data against the objectives, who decided what, what was done, what is left. */
export function drawReport(view: IncidentView, run: RunState, { now, sign }: ReportOptions): Card {
  const report = reportOf(view, run, now);
  const buttons = sign && run.finished ? [...cleanUps(view, run, sign), ...nextOnes(view, run, sign)] : [];
  return fitting((limits) => {
    const { shown, more } = firstOf(report.decisions, limits.rows);
    const { rows, more: moreStages } = stageRows(run, [], limits);
    return renderCard('report', {
      tone: report.recovered ? 'good' : 'warning',
      symbol: report.recovered ? '✓' : '■',
      line: `Report: ${report.outcome}`,
      title: cut(`${run.title} · ${view.app}`, limits.text),
      place: cut(placeWords(view, severityOf(view), run), 160),
      firstTitle: report.recovered ? 'Recovery time' : 'Took',
      first: report.time,
      firstWords: mark(report.timeKept, report.timeAgainst),
      loss: report.loss,
      lossWords: mark(report.lossKept, report.lossAgainst),
      people: report.people,
      azure: report.azure,
      rest: report.rest,
      decisions: shown.map(({ when, who, what, reason, amended }) => ({
        when,
        who: cut(who, 80),
        what: cut(what, limits.text),
        reason: `${reason.trim() === '' ? '' : ` “${cut(reason, limits.text)}”`}${amended && ` ${cut(amended, limits.text)}`}`,
      })),
      decisionsMore: more,
      stages: rows,
      more: moreStages,
      leftTitle: report.left.length > 0 ? 'What is left to do' : nextTitle(run),
      left: report.left.slice(0, limits.rows).map((line) => cut(line, Math.max(200, limits.text))),
      buttons,
      fallback: plain(
        `Report: ${report.outcome}. ${run.title}. ${report.time}, data loss ${report.loss}.`,
        300,
      ),
      footer: [
        run.finished ? `Ended ${sayUtc(run.finished.at)}` : `As of ${sayUtc(now).slice(0, 16)}Z`,
        ...(view.simulated
          ? ['Simulated Azure: no real system was changed, and its times are not real']
          : []),
      ].join(' · '),
    });
  });
}

/** Said in words and with a sign, so that nothing hangs on a colour. */
function mark(kept: boolean | null, words: string): string {
  if (kept === null || words === '') return words;
  return `${kept ? '✓' : '⚠'} ${words}`;
}

const cleanUps = (view: IncidentView, run: RunState, sign: Sign) =>
  leftovers(run)
    .slice(0, mostCleanUps)
    .map(({ database, origin }) =>
      button(
        sign,
        { verb: 'form', runbook: 'remove-database', app: view.app, known: { database } },
        `Clean up the ${origin} …`,
        { inputs: 'none' },
      ),
    );

function nextOnes({ app }: IncidentView, run: RunState, sign: Sign) {
  const again = sameAgain(run);
  return [
    ...nextRunbooks(run)
      .slice(0, mostNext)
      .map(({ words, ...form }) => button(sign, { verb: 'form', app, ...form }, words, { inputs: 'none' })),
    // Asking changes nothing, so that nobody has to fill the form in again.
    ...(again
      ? [
          button(sign, { verb: 'request', app, runbook: again.runbook, known: again.known }, again.words, {
            inputs: 'none',
          }),
        ]
      : []),
  ];
}
