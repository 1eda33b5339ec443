import { gateOf } from '../../engine/approval';
import type { IncidentView } from '../../engine/engine';
import type { RunState } from '../../incidents/run-state';
import { actorName } from '../../words/actor-name';
import { cut, plain } from '../../words/plain';
import { sayUtc } from '../../words/say';
import type { Sign } from '../action';
import { button } from './button';
import { type Card, fitting, renderCard } from './render-card';

/**
 * Somebody went ahead alone: who, what, why, and whether somebody else has looked at it since.
 * @throws when nobody did at that gate: a bug, not an event.
 */
export function drawReview(view: IncidentView, run: RunState, stage: string, sign: Sign): Card {
  const { plan } = run;
  const broken = run.gates[stage]?.broken;
  if (!plan || !broken) throw new Error(`Nobody broke the glass at "${stage}" of ${run.run}.`);
  const { by, at, reason, review } = broken;
  const state = review ? 'Break-glass: reviewed' : 'Break-glass: went ahead alone';
  return fitting((limits) =>
    renderCard('review', {
      ...{ state, symbol: review ? '✓' : '⚠', tone: review ? 'good' : 'attention' },
      about: cut(`${plan.title} · ${view.app} · incident ${view.incident}`, limits.text),
      question: cut(gateOf(plan, stage).question, limits.text),
      who: cut(`${actorName(by)} · ${sayUtc(at)}`, 120),
      reason: cut(reason, 2 * limits.text),
      reviewed: review ? cut(`${actorName(review.by)} · ${sayUtc(review.at)}`, 120) : '',
      words: cut(review?.words ?? '', limits.text),
      buttons: review
        ? []
        : [
            button(sign, { verb: 'review', run: run.run, stage }, 'I have reviewed it', {
              style: 'positive',
            }),
          ],
      fallback: plain(`${state}: ${actorName(by)}, because: ${reason}. Sign with "@dr sign review".`, 300),
    }),
  );
}
