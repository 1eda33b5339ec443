import type { IncidentView } from '../engine/engine';
import { openReviews } from '../engine/hear-exceptions';
import type { RunState } from '../incidents/run-state';
import { drawHelp, type HelpCommand } from './cards/draw-help';
import { drawStatus } from './cards/draw-status';
import { drawTimeline } from './cards/draw-timeline';
import { exportMarkdown } from './cards/export-incident';
import { meantIncident } from './meant-run';
import { askWhich } from './steer';
import { answer, type Desk, notice, type Turn, type Worked } from './turn';

/** Shows which of these commands the person may use, and who may use the others. */
export async function help(desk: Desk, turn: Turn, commands: readonly HelpCommand[]): Promise<Worked> {
  const { apps } = desk.estate;
  const here = apps.find(({ channel }) => turn.asker.conversation.startsWith(channel));
  const app = here ?? (apps.length === 1 ? apps[0] : undefined);
  await answer(desk, turn, () => drawHelp(commands, turn.asker.person, app?.title ?? null));
  return 'done';
}

/** Shows where incidents stand: the one that is named or whose thread this is, else all open ones. */
export async function status(desk: Desk, turn: Turn, rest: string): Promise<Worked> {
  const open = await desk.engine.incidents('open');
  const meant = await meantIncident(desk.engine, turn.asker.conversation, rest, 'all');
  const one = meant.kind === 'one' && isMeantHere(meant.view, turn, rest) ? meant.view : null;
  const owed = (await desk.engine.incidents('all')).filter(
    (view) => view.runs.some(owesReview) && open.every(({ incident }) => incident !== view.incident),
  );
  const others = [...open, ...owed].filter(({ incident }) => incident !== one?.incident);
  await answer(desk, turn, () => drawStatus(one ? [one, ...others] : others, desk.now()));
  return 'done';
}

/** A break-glass that nobody else has looked at keeps an incident in sight, also when its run is over. */
const owesReview = (run: RunState): boolean => openReviews(run).length > 0;

const isMeantHere = (view: IncidentView, { asker }: Turn, rest: string): boolean =>
  view.conversation === asker.conversation || rest.toLowerCase().startsWith(view.incident.toLowerCase());

/** Says where an approval is answered: typed words could not show what is being signed. */
export async function whereToAnswer(desk: Desk, turn: Turn): Promise<Worked> {
  const runs = (await desk.engine.incidents('open')).flatMap((view) => view.runs);
  const waits = runs.some((run) => Object.values(run.gates).some((gate) => gate.closed === null));
  await notice(desk, turn, {
    title: waits ? 'Answer on the card' : 'Nothing waits for an approval',
    words: waits
      ? "Nothing was answered by this message. The answer is given on the approval's card, which shows what you sign: in the incident's thread, or in your own chat with the bot."
      : 'Nothing was answered by this message. "@dr status" shows where every open incident stands.',
    tone: 'info',
  });
  return 'done';
}

/** Shows the newest part of an incident's timeline. */
export const timeline = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  ofIncident(desk, turn, 'timeline', rest, async (view) => {
    await recordReading(desk, turn, view, 'card');
    await answer(desk, turn, () => drawTimeline(view, { now: desk.now() }));
  });

/** How much Markdown is sent as it is, where there is no link to offer. */
const LONGEST_TEXT = 12_000;

/** Gives an incident's whole timeline: links that work for a while, or its Markdown when the bot has no address. */
export const exportTimeline = (desk: Desk, turn: Turn, rest: string): Promise<Worked> =>
  ofIncident(desk, turn, 'timeline export', rest, async (view) => {
    await recordReading(desk, turn, view, 'markdown');
    const markdown = await desk.exportLink(view.incident, 'markdown', turn.asker.person);
    const json = await desk.exportLink(view.incident, 'json', turn.asker.person);
    if (markdown !== null && json !== null) {
      const links = [
        { title: 'Markdown', url: markdown },
        { title: 'JSON', url: json },
      ];
      return answer(desk, turn, () => drawTimeline(view, { now: desk.now(), links }));
    }
    const text = exportMarkdown(view);
    if (text.length > LONGEST_TEXT)
      return notice(desk, turn, {
        title: 'Too long for a message',
        words: `GET /incidents/${view.incident}?format=markdown on the bot's own machine gives it whole.`,
        tone: 'info',
      });
    const id = `answer:${turn.id}`;
    return desk.outbox.put([{ id, conversation: turn.asker.conversation, content: { text } }]);
  });

async function ofIncident(
  desk: Desk,
  turn: Turn,
  command: string,
  rest: string,
  show: (view: IncidentView) => Promise<void>,
): Promise<Worked> {
  const meant = await meantIncident(desk.engine, turn.asker.conversation, rest, 'all');
  if (meant.kind === 'one') await show(meant.view);
  else if (meant.kind === 'several') await askWhich(desk, turn, command, meant.views, '');
  else
    await notice(desk, turn, {
      title: 'Nothing has happened yet',
      words: 'There is no incident. "@dr restore" begins one.',
      tone: 'info',
    });
  return 'done';
}

async function recordReading(
  { engine }: Desk,
  { id, asker, at }: Turn,
  { incident }: IncidentView,
  format: 'card' | 'markdown',
): Promise<void> {
  await engine.note({
    id: `read:${id}`,
    incident,
    event: { type: 'timeline.read', format },
    by: asker.person,
    at,
  });
}
