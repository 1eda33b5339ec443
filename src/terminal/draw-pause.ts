import type { Person } from '../engine/approval';
import { DECIDES, roleRefusal } from '../engine/may';
import { type RunState, stageState } from '../incidents/run-state';
import { pauseOffers } from '../words/pause-offers';
import { stageTitle } from '../words/situation';
import { personWords } from './desk';
import { harmless, type Look, paintOf, wrap } from './look';

/** A paused run: what went wrong, what is true right now, and what can be decided. */
export function drawPause(run: RunState, person: Person, look: Look): string {
  const { pause } = run;
  if (!pause) return '';
  const { bold, dim, bad, warning } = paintOf(look);
  const line = (words: string, indent = '  ') =>
    wrap(`${indent}${harmless(words)}`, look.width, `${indent}  `);
  const problem = run.refusal ?? stageState(run, pause.stage).problem;
  const refusal = roleRefusal(person, DECIDES);
  return [
    '',
    `${bad('‖')} ${bold(
      pause.because === 'abort'
        ? 'STOPPED ON REQUEST: decide how to go on'
        : `PAUSED: ${harmless(stageTitle(run, pause.stage))}`,
    )}`,
    ...(run.abort?.reason ? [line(`Asked for: “${run.abort.reason}”`)] : []),
    ...(problem && (pause.because === 'failed' || run.refusal)
      ? [
          bad(line(`✗ ${problem.what}`)),
          dim(
            line(
              `${problem.code}${problem.status ? ` (HTTP ${problem.status})` : ''}${problem.detail ? ` · ${problem.detail}` : ''}`,
              '    ',
            ),
          ),
        ]
      : []),
    ...(pause.truth.length > 0 ? ['', '  What is true right now'] : []),
    ...pause.truth.map((words) => line(words, '    ')),
    '',
    line(`You are ${personWords(person)}.`),
    ...(refusal ? [warning(line(`✗ ${refusal}`))] : []),
    '',
    ...pauseOffers(run).map(({ title, words }, index) =>
      wrap(`  ${index + 1}  ${title.padEnd(24)} ${words}`, look.width, ' '.repeat(30)),
    ),
  ].join('\n');
}
