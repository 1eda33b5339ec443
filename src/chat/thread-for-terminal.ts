import { isTerminalPlace } from '../engine/begun-elsewhere';
import type { Engine, IncidentView } from '../engine/engine';
import { appNamed, type Estate } from '../engine/estate';
import { actorName } from '../words/actor-name';
import { sayUtc } from '../words/say';
import { newThreadIn } from './addresses';
import { drawNotice } from './cards/draw-notice';
import type { Outbox } from './outbox';

/**
 * Gives an incident that was begun at a terminal a thread in its app's channel, and moves it there. Gives the incident
 * as it is handled in Teams; null while that thread is on its way.
 */
export async function withThread(
  view: IncidentView,
  { engine, estate, outbox }: { engine: Pick<Engine, 'moveTo'>; estate: Estate; outbox: Outbox },
): Promise<IncidentView | null> {
  if (!isTerminalPlace(view.conversation)) return view;
  const id = `thread:${view.conversation}`;
  const landed = (await outbox.find(id))?.landed;
  if (landed) {
    await engine.moveTo(view.incident, landed);
    return { ...view, conversation: landed };
  }
  const app = appNamed(estate, view.app);
  if (!app) return null;
  const [run] = view.runs;
  const card = drawNotice({
    title: `${view.title}: ${app.title}`,
    words: `${view.incident} was begun at a terminal${run ? ` by ${actorName(run.requester)} at ${sayUtc(run.requestedAt)}` : ''}. All that has happened in it follows.`,
    tone: 'info',
    sign: () => '',
  });
  await outbox.put([{ id, conversation: newThreadIn(app.channel), content: { card } }]);
  return null;
}
