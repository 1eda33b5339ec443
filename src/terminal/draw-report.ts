import type { IncidentView } from '../engine/engine';
import type { RunState } from '../incidents/run-state';
import { reportOf } from '../words/report-facts';
import { harmless, type Look, paintOf, wrap } from './look';
import { nextCommands } from './next-commands';

/** What is read when a run is over: time and data against the objectives, who decided what, what is left to do. */
export function drawReport(view: IncidentView, run: RunState, now: Date, look: Look): string {
  const report = reportOf(view, run, now);
  const { bold, dim, good, warning } = paintOf(look);
  const [symbol, paintSymbol] = report.recovered ? (['✓', good] as const) : (['■', warning] as const);
  const fact = (title: string, value: string, against: string, kept: boolean | null) => {
    const mark = kept === null || against === '' ? '' : kept ? '✓ ' : '! ';
    return wrap(
      `  ${title.padEnd(16)}${value.padEnd(14)} ${mark}${harmless(against)}`,
      look.width,
      ' '.repeat(33),
    );
  };
  const line = (words: string) => wrap(`  - ${harmless(words)}`, look.width, '    ');
  return [
    '',
    bold(wrap(`${symbol} REPORT: ${report.outcome}`, look.width, '  ')).replace(symbol, paintSymbol),
    wrap(`  ${harmless(run.title)} · ${view.app} · ${run.run}`, look.width, '  '),
    ...(run.finished ? [wrap(`  ${harmless(run.finished.words)}`, look.width, '  ')] : []),
    ...(view.simulated
      ? [dim('  Simulated Azure: no real system was changed, and its times are not real.')]
      : []),
    '',
    fact(report.recovered ? 'Recovery time' : 'Took', report.time, report.timeAgainst, report.timeKept),
    fact('Data loss', report.loss, report.lossAgainst, report.lossKept),
    fact(
      'Of that time',
      '',
      `${report.people} waiting for people, ${report.azure} Azure at work, ${report.rest} the rest`,
      null,
    ),
    '',
    '  Who decided what',
    ...report.decisions.map(({ when, who, what, reason, amended }) =>
      line(`${when} ${who}: ${what}${reason.trim() === '' ? '' : ` “${reason}”`}${amended}`),
    ),
    ...(report.left.length > 0 ? ['', '  What is left to do'] : []),
    ...report.left.map(line),
    ...nextCommands(view, run, look),
    '',
    dim(
      `  The whole timeline is kept: "npm run play ${view.incident}" here, "@dr timeline ${view.incident}" in Teams.`,
    ),
  ].join('\n');
}
