import type { RollCall } from '../../readiness/roll-calls';
import { cut, plain } from '../../words/plain';
import { sayCount, sayDuration, sayUtc } from '../../words/say';
import type { Sign } from '../action';
import { button } from './button';
import { type Card, fitting, renderCard } from './render-card';

/** A roll-call as it stands: who has answered and how fast, and a button for those who have not. */
export function drawRollCall({ id, by, at, people }: RollCall, sign: Sign): Card {
  const here = people.filter(({ afterMs }) => afterMs !== null);
  const all = here.length === people.length;
  const state = all
    ? `Everybody has answered: ${sayCount(people.length, 'approver')}`
    : `${here.length} of ${sayCount(people.length, 'approver')} ${here.length === 1 ? 'has' : 'have'} answered`;
  return fitting((limits) =>
    renderCard('roll-call', {
      ...{ state, symbol: all ? '✓' : '◷', tone: all ? 'good' : 'accent' },
      about: cut(`Roll-call by ${by.name} · ${sayUtc(at)}`, limits.text),
      people: people.slice(0, limits.rows).map(({ name, afterMs }) => ({
        name: cut(name, 80),
        symbol: afterMs === null ? '…' : '✓',
        answer: afterMs === null ? 'no answer yet' : `after ${sayDuration(afterMs)}`,
      })),
      more: people.length > limits.rows ? `… and ${people.length - limits.rows} more` : '',
      buttons: all
        ? []
        : [button(sign, { verb: 'say', words: `here ${id}` }, 'I am here', { style: 'positive' })],
      fallback: plain(`${state}. Answer with "@dr here".`, 240),
    }),
  );
}
