import { cut, plain } from '../../words/plain';
import { sayClockUtc } from '../../words/say';
import { type Card, renderCard } from './render-card';

/** Leads one person to the page where a value is entered. Shown to nobody else, and kept nowhere. */
export const drawLink = ({
  secret,
  href,
  until,
}: {
  readonly secret: string;
  readonly href: string;
  readonly until: Date;
}): Card =>
  renderCard('enter-value', {
    title: cut(`Enter the new value of ${secret}`, 120),
    words: `The page opens in your browser; what you enter goes straight into the vault. It works once, until ${sayClockUtc(until)}. Never write the value into Teams.`,
    url: href,
    fallback: plain(`Enter the new value of ${secret} on the bot's page.`, 240),
  });
