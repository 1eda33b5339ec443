import type { Card } from '../../../src/chat/cards/render-card';

/** A part of a card as a test looks at it. */
export interface Part {
  readonly [key: string]: unknown;
  readonly data?: { readonly [key: string]: unknown };
}

/** Every object in a card, parents first, in the order in which a person sees them. */
export function partsOf(card: unknown): readonly Part[] {
  if (Array.isArray(card)) return card.flatMap(partsOf);
  if (typeof card !== 'object' || card === null) return [];
  return [card as Part, ...Object.values(card).flatMap(partsOf)];
}

/** All that a card says, in order: text blocks, rich text, table cells. */
export const wordsOf = (card: Card): string =>
  partsOf(card['body'])
    .flatMap((part) => {
      if (part['type'] === 'TextBlock') return [String(part['text'])];
      if (part['type'] !== 'RichTextBlock') return [];
      return [
        partsOf(part['inlines'])
          .map((run) => String(run['text']))
          .join(''),
      ];
    })
    .join('\n');

/** The buttons, without the fallbacks inside them. */
export const actionsOf = (card: Card): readonly Part[] =>
  partsOf(card).filter((part) => part['type'] === 'Action.Execute' && 'title' in part);

/** The words of the buttons. */
export const titlesOf = (card: Card): readonly unknown[] => actionsOf(card).map((action) => action['title']);

/** The input with that id. */
export const inputOf = (card: Card, id: string): Part | undefined =>
  partsOf(card).find((part) => part['id'] === id && String(part['type']).startsWith('Input.'));
