import type { IncidentView } from '../engine/engine';
import type { Json } from '../incidents/json';
import type { NextRunbook } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import { leftovers } from '../words/leftovers';
import { nextRunbooks, nextTitle, sameAgain } from '../words/next-runbooks';
import { harmless, type Look, paintOf, wrap } from './look';

/** What may be begun when a run is over, as commands to type: those that a report in Teams has buttons for. */
export function nextCommands(view: IncidentView, run: RunState, look: Look): readonly string[] {
  const { bold } = paintOf(look);
  const lines = ({ words, runbook, known }: NextRunbook) => [
    wrap(`  - ${harmless(words.replace(/ …$/, ''))}:`, look.width, '    '),
    // In one line, so that it can be copied.
    `    ${bold(commandFor(view, runbook, known))}`,
  ];
  const next = [...nextRunbooks(run), ...[sameAgain(run)].flatMap((one) => one ?? [])];
  const cleanUps = run.finished ? leftovers(run) : [];
  return [
    ...(next.length > 0 ? ['', `  ${nextTitle(run)}`] : []),
    ...next.flatMap(lines),
    ...(cleanUps.length > 0 ? ['', '  To clean up'] : []),
    ...cleanUps.flatMap(({ database, origin }) =>
      lines({ words: `Remove the ${origin}`, runbook: 'remove-database', known: { database } }),
    ),
  ];
}

function commandFor(view: IncidentView, runbook: string, known: NextRunbook['known']): string {
  const inputs = Object.entries(known).flatMap(([name, value]) =>
    leftOut.has(name) ? [] : setting(name, value),
  );
  return `npm run play ${runbook} -- --incident ${view.incident}${inputs.join('')}`;
}

/** The incident has the app, and whoever types has a zone of their own. */
const leftOut: ReadonlySet<string> = new Set(['app', 'zone']);

const setting = (name: string, value: Json): readonly string[] =>
  value === '' || value === null || typeof value === 'object'
    ? []
    : [` --set ${name}=${quoted(harmless(String(value)))}`];

/** A word for a shell as it is: somebody else may have written it, and between these quotes nothing is carried out. */
const quoted = (word: string): string =>
  /^[\w.:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
