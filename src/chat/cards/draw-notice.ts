import { cut, plain } from '../../words/plain';
import type { Tone } from '../../words/situation';
import type { CardAction, Sign } from '../action';
import { button } from './button';
import { type Card, fitting, renderCard } from './render-card';

/** An answer to a person: what it is, in words, and what they can do about it. */
export interface Notice {
  readonly title: string;
  readonly words: string;
  readonly tone: 'good' | 'info' | 'warning' | 'problem';
  readonly choices?: readonly { readonly label: string; readonly action: CardAction }[];
  readonly sign: Sign;
}

const tones: { readonly [tone in Notice['tone']]: { readonly style: Tone; readonly symbol: string } } = {
  good: { style: 'good', symbol: '✓' },
  info: { style: 'accent', symbol: 'ℹ' },
  warning: { style: 'warning', symbol: '⚠' },
  problem: { style: 'attention', symbol: '✗' },
};

const mostChoices = 8;

/** A short answer, a problem, or an unknown command with the nearest ones as buttons. */
export function drawNotice({ title, words, tone, choices = [], sign }: Notice): Card {
  const buttons = choices.slice(0, mostChoices).map(({ label, action }) => button(sign, action, label));
  return fitting((limits) =>
    renderCard('notice', {
      title: cut(title, 120),
      words: cut(words, 3 * limits.text),
      hasWords: words.trim() !== '',
      tone: tones[tone].style,
      symbol: tones[tone].symbol,
      fallback: plain(`${title}. ${words}`, 240),
      buttons,
    }),
  );
}

/** What is shown at once while Azure is being read. */
export const drawWaiting = ({ title, words }: { readonly title: string; readonly words: string }): Card =>
  renderCard('waiting', {
    title: cut(title, 120),
    words: cut(words, 600),
    fallback: plain(`${title}. ${words}`, 240),
  });
