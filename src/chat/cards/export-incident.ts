import type { IncidentView } from '../../engine/engine';
import type { Entry } from '../../incidents/event';
import type { JsonObject } from '../../incidents/json';
import type { PostedSeal } from '../../incidents/verify-export';
import { amendmentsIn } from '../../words/amendments';
import { entryParts } from '../../words/entry-words';
import { plain } from '../../words/plain';
import { type Report, reportOf } from '../../words/report-facts';
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

/**
 * The whole timeline as JSON, with the report of every run, its head, and the seals that were posted to the channel:
 * `dr-verify` checks it by them.
 */
export function exportJson(view: IncidentView, posted: readonly PostedSeal[]): JsonObject {
  const until = lastMoment(view);
  const document = {
    incident: view.incident,
    title: view.title,
    app: view.app,
    simulated: view.simulated,
    openedAt: view.openedAt,
    runs: view.runs.map((run) => ({ run: run.run, title: run.title, report: reportOf(view, run, until) })),
    seal: { seq: view.entries.length, hash: view.entries.at(-1)?.hash ?? '' },
    posted,
    entries: view.entries,
  };
  const plainJson: JsonObject = JSON.parse(JSON.stringify(document));
  return plainJson;
}

const lastMoment = (view: IncidentView): Date => view.entries.at(-1)?.happenedAt ?? view.openedAt;
