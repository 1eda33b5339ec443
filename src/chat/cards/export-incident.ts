import type { IncidentView } from '../../engine/engine';
import type { Entry } from '../../incidents/event';
import type { JsonObject } from '../../incidents/json';
import { amendmentsIn } from '../../words/amendments';
import { entryParts } from '../../words/entry-words';
import { lastMoment, summaryOf } from '../../words/export-summary';
import { plain } from '../../words/plain';
import { type Report, reportOf } from '../../words/report-facts';
import type { Seals } from '../posted-seals';
import { runOf } from './draw-timeline';

const anyLength = Number.POSITIVE_INFINITY;
const safe = (text: string): string => plain(text, anyLength);

/**
 * The whole timeline as Markdown, with the report of every run on top. It depends on the entries alone, so the
 * same timeline gives the same text; a run that is not over is measured up to its last entry.
 */
export function exportMarkdown(view: IncidentView): string {
  const until = lastMoment(view);
  const amended = amendmentsIn(view.entries);
  return [
    `# ${safe(view.title)}`,
    '',
    `Incident ${safe(view.incident)} · ${safe(view.app)} · opened ${view.openedAt.toISOString()}`,
    ...(view.simulated
      ? ['', '**Simulated Azure: no real system was changed, and its times are not real.**']
      : []),
    ...view.runs.flatMap((run) => ['', ...reportLines(run.run, run.title, reportOf(view, run, until))]),
    '',
    '## Timeline',
    '',
    'Times are UTC. Each entry is sealed by a SHA-256 over itself and the seal before it.',
    '',
    '| # | Happened | Recorded | Who | What | Seal |',
    '|---|---|---|---|---|---|',
    ...view.entries.map((entry) => row(entry, view, amended(entry.seq))),
    '',
  ].join('\n');
}

function row(entry: Entry, view: IncidentView, amended: string): string {
  const { who, what } = entryParts(entry, runOf(view, entry.run));
  const cells = [
    String(entry.seq),
    entry.happenedAt.toISOString(),
    entry.recordedAt.toISOString(),
    safe(entry.actor.kind === 'person' ? `${who} (${entry.actor.id})` : who),
    safe(`${what}${amended}`),
    `\`${entry.hash}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

function reportLines(run: string, title: string, report: Report): readonly string[] {
  const against = (value: string, words: string): string =>
    words === '' ? value : `${value} (${safe(words)})`;
  return [
    `## Report: ${safe(title)}`,
    '',
    `- Run: ${safe(run)}`,
    `- Outcome: ${safe(report.outcome)}`,
    `- ${report.recovered ? 'Recovery time' : 'Took'}: ${against(report.time, report.timeAgainst)}`,
    `- Waiting for people: ${report.people}; for Azure: ${report.azure}; the rest: ${report.rest}`,
    `- Data loss: ${against(report.loss, report.lossAgainst)}`,
    ...list('Who decided what', report.decisions.map(decisionLine)),
    ...list(
      'What was done',
      report.stages.map(({ title: stage, status, took }) =>
        safe(`${stage}: ${status}${took ? `, ${took}` : ''}`),
      ),
    ),
    ...list('What is left to do', report.left.map(safe)),
  ];
}

const decisionLine = ({ when, who, what, reason, amended }: Report['decisions'][number]): string =>
  `${when} ${safe(who)}: ${safe(what)}${reason.trim() === '' ? '' : ` (“${safe(reason)}”)`}${safe(amended) && ` ${safe(amended)}`}`;

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines.map((line) => `- ${line}`)];

/** The whole timeline as JSON, with what `dr-verify` checks it by: the store's head, and the seals in the channel. */
export function exportJson(view: IncidentView, seals: Seals): JsonObject {
  const { incident, entries, head } = view;
  const document = { incident, ...summaryOf(entries), seal: head, ...seals, entries };
  const plainJson: JsonObject = JSON.parse(JSON.stringify(document));
  return plainJson;
}
