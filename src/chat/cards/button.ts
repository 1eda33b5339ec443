import { cut } from '../../words/plain';
import type { CardAction, Sign } from '../action';

/** A button of a card: the words, and the token that alone says what it does. */
export type Button = {
  readonly title: string;
  readonly verb: string;
  readonly token: string;
  readonly style: 'default' | 'positive' | 'destructive';
  /** `none`: what is typed on the card is neither needed nor sent. */
  readonly inputs: 'auto' | 'none';
};

/** A moment in local time, in UTC and as a distance fits in it. */
const longestTitle = 90;

/** A button for an action, with a token from `sign`. */
export const button = (
  sign: Sign,
  action: CardAction,
  title: string,
  { style = 'default', inputs = 'auto' }: Partial<Pick<Button, 'style' | 'inputs'>> = {},
): Button => ({ title: cut(title, longestTitle), verb: action.verb, token: sign(action), style, inputs });
