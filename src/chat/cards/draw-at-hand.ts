import { cut, firstOf, type Limits, plain } from '../../words/plain';
import { sayUtc } from '../../words/say';
import { type Card, type CardData, fitting, renderCard } from './render-card';

/** One thing of a list: what it is, how it stands in a sign and a word, and lines about it. */
export interface AtHandRow {
  readonly symbol?: string;
  readonly color?: 'default' | 'good' | 'warning' | 'attention';
  readonly head: string;
  /** How it stands, in a word; never by colour alone. */
  readonly tag?: string;
  readonly lines: readonly { readonly label?: string; readonly text: string; readonly subtle?: boolean }[];
}

/** What is kept at hand, as a card: sections of rows, and links that lead on. */
export interface AtHand {
  readonly title: string;
  readonly about: string;
  readonly warnings: readonly string[];
  readonly sections: readonly { readonly title: string; readonly rows: readonly AtHandRow[] }[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly now: Date;
  readonly simulated: boolean;
}

const mostLinks = 5;

/** Draws contacts, inventory, objectives and protection: the same look for all that is kept at hand. */
export function drawAtHand({ title, about, warnings, sections, links, now, simulated }: AtHand): Card {
  const shown = sections.filter(({ rows }) => rows.length > 0);
  return fitting((limits) =>
    renderCard('at-hand', {
      title: cut(title, 120),
      about: cut(about, limits.text),
      warnings: warnings.slice(0, limits.rows).map((line) => cut(line, limits.text)),
      sections: shown.map((section) => sectionData(section, limits)),
      links: links.slice(0, mostLinks).map(({ title: words, url }) => ({ title: cut(words, 60), url })),
      footer: [
        `As of ${sayUtc(now)}`,
        ...(simulated ? ['Simulated Azure: these are not real resources'] : []),
      ].join(' · '),
      fallback: plain(`${title}. ${warnings.join(' ')} Open this in a newer Teams.`, 300),
    }),
  );
}

function sectionData({ title, rows }: AtHand['sections'][number], limits: Limits): CardData {
  const { shown, more } = firstOf(rows, limits.rows);
  return {
    title: cut(title, 120),
    rows: shown.map(({ symbol, color = 'default', head, tag, lines }) => ({
      color,
      symbol: symbol === undefined ? '' : `${symbol}  `,
      head: cut(head, 160),
      tag: tag === undefined ? '' : `  · ${tag}`,
      lines: lines
        .filter(({ text }) => text !== '')
        .map(({ label, text, subtle = false }) => ({
          ...{ label: label === undefined ? '' : `${label}  `, subtle },
          text: cut(text, limits.text),
        })),
    })),
    more: more.replace(': @dr timeline', ''),
  };
}
