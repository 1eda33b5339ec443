import { appNamed, type ProtectedApp } from '../engine/estate';
import type { Choice, FormData, Runbook } from '../engine/runbook';
import type { JsonObject } from '../incidents/json';
import { asksForPoint, dateOf, pointAsked } from '../words/point-asked';
import { sayTime } from '../words/say-time';
import type { CardAction } from './action';
import { newThreadIn } from './addresses';
import { speakingOf } from './asker';
import { drawNotice } from './cards/draw-notice';
import { azureUnread, type FormAsked, readForm, showForm } from './open-form';
import { type Desk, notice, type Turn, type Worked } from './turn';

/** Asks the engine for a run with what a form says, or shows the form again with what is wrong and what would work. */
export async function submitForm(
  desk: Desk,
  turn: Turn,
  action: Extract<CardAction, { verb: 'request' }>,
  inputs: Readonly<Record<string, string>>,
): Promise<Worked> {
  const { engine, estate } = desk;
  const runbook = engine.runbooks.get(action.runbook);
  const app = appNamed(estate, action.app);
  if (!runbook || !app) {
    await notice(desk, turn, {
      title: 'This form is out of date',
      words: `The bot has no "${action.runbook}" for ${action.app} any more. Nothing was changed.`,
      tone: 'problem',
    });
    return 'done';
  }
  const asked: FormAsked = { runbook, app: app.name, known: { ...inputs, ...action.known } };
  const point = await restorePoint(desk, turn, asked);
  if ('unread' in point) {
    await azureUnread(desk, turn, asked, point.unread);
    return 'done';
  }
  if ('problem' in point) {
    const { problem, choices, data } = point;
    await showForm(desk, turn, { ...asked, problem, choices }, data);
    return 'done';
  }
  const conversation = await threadFor(desk, turn, app, runbook.title);
  if (conversation === null) return 'later';
  const given = { ...asked.known, ...point.parameters, app: app.name };
  // What a card sends beyond the runbook's own parameters is nobody's word and does not reach the timeline.
  const parameters = { ...(runbook.parameters.safeParse(given).data ?? given), zone: turn.asker.zone };
  const answered = await engine.request({
    id: `request:${turn.id}`,
    ...{ app: app.name, runbook: runbook.name, parameters, conversation },
    words: wordsOf(runbook, parameters),
    by: turn.asker.person,
    at: turn.at,
  });
  if ('incident' in answered) await desk.triages.recordInto(answered.incident, turn, app.name);
  await notice(desk, turn, requestedNotice(turn, runbook, parameters, answered, conversation));
  return 'done';
}

type Point =
  | { readonly unread: string }
  | { readonly parameters: JsonObject }
  | { readonly problem: string; readonly choices: readonly Choice[]; readonly data: FormData };

/** Reads the form's time, where it has one, and holds it against what Azure can restore to right now. */
async function restorePoint(desk: Desk, { asker, at }: Turn, asked: FormAsked): Promise<Point> {
  if (!asksForPoint(asked.known)) return { parameters: {} };
  const data = await readForm(desk, asked);
  if (typeof data === 'string') return { unread: data };
  const point = pointAsked(speakingOf(asker, at), asked.known, data);
  if (point === null) return { parameters: {} };
  return 'at' in point
    ? { parameters: { at: point.at.toISOString().replace('.000Z', 'Z') } }
    : { ...point, data };
}

/**
 * Where the incident is handled: the thread it was asked in, or a new thread in the app's channel when it was asked
 * for in a 1:1 chat. Null while that thread is on its way.
 */
async function threadFor(desk: Desk, turn: Turn, app: ProtectedApp, title: string): Promise<string | null> {
  const { asker } = turn;
  if (!asker.personal) return asker.conversation;
  const id = `thread:${turn.id}`;
  const root = await desk.outbox.find(id);
  if (root?.state === 'parked') return asker.conversation;
  if (root?.landed) return root.landed;
  const card = await desk.tokens.draw(id, null, (sign) =>
    drawNotice({
      title: `${title}: ${app.title}`,
      words: `Asked for by ${asker.person.name} in a chat with the bot.`,
      tone: 'info',
      sign,
    }),
  );
  await desk.outbox.put([{ id, conversation: newThreadIn(app.channel), content: { card } }]);
  return null;
}

function wordsOf({ title, subject }: Runbook, parameters: JsonObject): string {
  const said = subject?.(parameters) ?? '';
  return said === '' ? title : `${title}: ${said}`;
}

function requestedNotice(
  { asker, at }: Turn,
  { title, subject }: Runbook,
  parameters: JsonObject,
  answered: { readonly incident: string } | { readonly refused: string },
  conversation: string,
) {
  if ('refused' in answered)
    return { title: 'Not started', words: answered.refused, tone: 'problem' } as const;
  const point = dateOf(parameters['at']);
  // A moment is said in the person's own zone, which a runbook does not know.
  const what = (subject?.(parameters) ?? '').replace(String(parameters['at']), (written) =>
    point ? sayTime(point, speakingOf(asker, at)).text : written,
  );
  const where = conversation === asker.conversation ? 'below' : "in the app's channel";
  return {
    title: `Asked for: ${title}`,
    words: `${what === '' ? '' : `${what}. `}The plan follows ${where} as ${answered.incident}.`,
    tone: 'good',
  } as const;
}
