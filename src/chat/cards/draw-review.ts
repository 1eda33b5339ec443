import type { IncidentView } from '../../engine/engine';
import { type Review, reviewOf } from '../../incidents/review';
import type { RunState } from '../../incidents/run-state';
import { actorName } from '../../words/actor-name';
import { aloneName } from '../../words/owed-reviews';
import { cut, plain } from '../../words/plain';
import { sayUtc } from '../../words/say';
import type { Sign } from '../action';
import { button } from './button';
import { type Card, fitting, renderCard } from './render-card';

/**
 * Somebody went ahead alone: who, what, why, and whether somebody else has looked at it since.
 * @throws when nobody did at that gate: a bug, not an event.
 */
export function drawReview(
  view: IncidentView,
  run: RunState,
  { stage, round }: Pick<Review, 'stage' | 'round'>,
  sign: Sign,
): Card {
  const { plan } = run;
  const review = reviewOf(run.reviews, { stage, round });
  if (!plan || !review) throw new Error(`Nobody broke the glass at "${stage}" of ${run.run}.`);
  const { at, reason, signed, question } = review;
  const who = aloneName(run, review);
  const state = signed ? 'Break-glass: reviewed' : 'Break-glass: went ahead alone';
  return fitting((limits) =>
    renderCard('review', {
      ...{ state, symbol: signed ? '✓' : '⚠', tone: signed ? 'good' : 'attention' },
      about: cut(`${plan.title} · ${view.app} · incident ${view.incident}`, limits.text),
      question: cut(question, limits.text),
      who: cut(`${who} · ${sayUtc(at)}`, 200),
      reason: cut(reason, 2 * limits.text),
      reviewed: signed ? cut(`${actorName(signed.by)} · ${sayUtc(signed.at)}`, 120) : '',
      words: cut(signed?.words ?? '', limits.text),
      buttons: signed
        ? []
        : [
            button(sign, { verb: 'review', run: run.run, stage, round }, 'I have reviewed it', {
              style: 'positive',
            }),
          ],
      fallback: plain(`${state}: ${who}, because: ${reason}. Sign with "@dr sign review".`, 300),
    }),
  );
}
