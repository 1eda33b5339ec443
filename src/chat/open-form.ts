import { setTimeout as sleep } from 'node:timers/promises';
import { FormUnread } from '../engine/form-unread';
import type { Choice, FormData, Runbook } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { dateOf, pointAsked, readingShown, timeMeant } from '../words/point-asked';
import { wholeSeconds } from '../words/restore-point';
import { sayTime } from '../words/say-time';
import type { When } from '../words/when';
import { type Asker, speakingOf } from './asker';
import { drawForm } from './cards/draw-form';
import { drawWaiting } from './cards/draw-notice';
import { answer, type Desk, notice, type Turn, type Worked } from './turn';

/** A form to be shown: which, for what, what is known already, and why an earlier try was refused. */
export interface FormAsked {
  readonly runbook: Runbook;
  readonly app: string;
  /** What the person said already, under the names of the form's inputs; `time` in their own words. */
  readonly known: JsonObject;
  readonly problem?: string;
  readonly choices?: readonly Choice[];
}

/** Shows a runbook's form with values read live; says so at once when Azure takes its time or cannot be read. */
export async function openForm(desk: Desk, turn: Turn, asked: FormAsked): Promise<Worked> {
  const { runbook, app, known, problem } = asked;
  await answer(desk, turn, () => drawWaiting({ title: runbook.title, words: `Reading Azure for ${app}…` }));
  const data = await readForm(desk, asked);
  if (typeof data === 'string') {
    await azureUnread(desk, turn, asked, data);
    return 'done';
  }
  const point = problem === undefined ? pointAsked(speakingOf(turn.asker, turn.at), known, data) : null;
  const refused = point && 'problem' in point ? point : {};
  await showForm(desk, turn, { ...asked, ...refused }, data);
  return 'done';
}

/** A runbook's form values, read live; or in a sentence why Azure did not give them. */
export async function readForm(
  { engine, formPatienceMs }: Desk,
  { app, runbook, known }: Pick<FormAsked, 'app' | 'runbook' | 'known'>,
): Promise<FormData | string> {
  const late = new AbortController();
  const words = 'They did not come in time.';
  const deadline = sleep(formPatienceMs, words, { signal: late.signal, ref: false }).catch(() => words);
  try {
    return await Promise.race([engine.form(app, runbook.name, known), deadline]);
  } catch (error) {
    return error instanceof FormUnread ? error.message : 'They could not be had.';
  } finally {
    late.abort();
  }
}

/** Says that Azure could not be read, and offers to try again with everything that was said already. */
export const azureUnread = (
  desk: Desk,
  turn: Turn,
  { runbook, app, known }: FormAsked,
  because: string,
): Promise<void> =>
  notice(desk, turn, {
    title: 'Azure could not be read',
    words: `The values for "${runbook.title}" (${app}) could not be read, and nothing was changed. ${because}`,
    tone: 'warning',
    choices: [
      {
        label: 'Try again',
        action: {
          ...{ verb: 'form', runbook: runbook.name, app },
          known: turn.asker.zoneKnown ? { ...known, zone: turn.asker.zone } : known,
        },
      },
    ],
  });

/** Shows a runbook's form with values that were read. */
export function showForm(desk: Desk, turn: Turn, asked: FormAsked, data: FormData): Promise<void> {
  const { runbook, app, known, problem, choices } = asked;
  const { asker, at } = turn;
  const typed = String(known['time'] ?? '');
  const when = timeMeant(speakingOf(asker, at), { ...known, time: typed });
  // The form says how it reads times, so it must be read like that, whoever presses it and whenever they do.
  const kept = { ...(asker.zoneKnown && { zone: asker.zone }), ...readingShown(when, typed) };
  return answer(desk, turn, (sign) =>
    drawForm(
      runbook,
      { ...data, ...timeFields(asker, at, data, { typed, when }) },
      {
        ...{ app, now: at, zone: asker.zone, sign, known: kept },
        ...(problem === undefined ? {} : { problem }),
        ...(choices === undefined ? {} : { choices }),
      },
    ),
  );
}

/** The form's times as a person reads them. */
function timeFields(
  asker: Asker,
  now: Date,
  data: FormData,
  { typed, when }: { readonly typed: string; readonly when: When },
): JsonObject {
  const speaking = speakingOf(asker, now);
  const [earliest, latest] = [dateOf(data['earliest']), dateOf(data['latest'])];
  const window = earliest && latest ? wholeSeconds(earliest, latest) : [earliest, latest];
  const [first, last] = window.map((at) => at && { ...sayTime(at, speaking) });
  return {
    earliest: first ?? null,
    latest: last ?? null,
    time: typed,
    timeMeans: when.kind === 'instant' ? sayTime(when.at, speaking).text : '',
    zone: asker.zoneKnown ? asker.zone : 'UTC, because Teams did not say your time zone',
    notices: data['notices'] ?? [],
  };
}
