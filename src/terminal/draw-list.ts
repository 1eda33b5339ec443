import type { IncidentView } from '../engine/engine';
import type { Runbook } from '../engine/runbook';
import { situation } from '../words/situation';
import { harmless, type Look, paintOf, wrap } from './look';

/** What there is to play, and what is open already, each with the words that begin it. */
export function drawList(
  runbooks: readonly Pick<Runbook, 'name' | 'title' | 'summary' | 'source' | 'command'>[],
  open: readonly IncidentView[],
  look: Look,
): string {
  const { bold, dim, warning } = paintOf(look);
  const width = Math.max(...runbooks.map(({ name }) => name.length)) + 2;
  const indent = ' '.repeat(width + 2);
  const running = open.flatMap((view) =>
    view.runs
      .filter((run) => run.finished === null)
      .flatMap((run) => [
        `  ${warning('◆')} ${bold(view.incident)}  ${harmless(`${run.title} · ${view.app}`)}`,
        wrap(`    ${harmless(situation(run, []).line)}`, look.width, '    '),
        `    ${dim(`npm run play ${view.incident}`)}`,
      ]),
  );
  return [
    ...(running.length > 0 ? [bold('Under way'), '', ...running, ''] : []),
    bold('Runbooks'),
    '',
    ...runbooks.flatMap(({ name, summary, source, command }) => [
      // Wrapped first: what paints takes no room.
      wrap(`  ${name.padEnd(width)}${summary}`, look.width, indent).replace(name, bold),
      dim(wrap(`${indent}${source} · "${command.examples[0] ?? command.name}"`, look.width, indent)),
    ]),
    '',
    dim('Begin one:   npm run play restore-database    or   npm run play "restore db to 10:00"'),
    dim('All options: npm run play -- --help'),
  ].join('\n');
}
