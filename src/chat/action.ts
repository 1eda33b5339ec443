import type { JsonObject } from '../incidents/json';
import type { Answer, Question } from '../readiness/triage/answers';

/**
 * What a button on a card stands for. The card itself carries only a one-shot token; this is what the token means,
 * kept by the bot, so that nothing that comes back from a card is believed.
 */
export type CardAction =
  /** Compile a plan from the form's inputs. */
  | { readonly verb: 'request'; readonly runbook: string; readonly app: string; readonly known: JsonObject }
  /** Open a runbook's form, prefilled. */
  | {
      readonly verb: 'form';
      readonly runbook: string;
      readonly app: string;
      readonly known: JsonObject;
      /** The triage whose card recommends it: that card gets a fresh button when this one is used. */
      readonly triage?: string;
    }
  /** Answers a question of a triage for everybody; null takes the answer back. */
  | {
      readonly verb: 'triage-answer';
      readonly triage: string;
      readonly question: Question;
      readonly value: Answer['value'] | null;
    }
  /** Lets a triage look once more after this round. */
  | { readonly verb: 'triage-look'; readonly triage: string; readonly round: number }
  | {
      readonly verb: 'vote';
      readonly run: string;
      readonly stage: string;
      readonly round: number;
      readonly planHash: string;
      readonly choice: string;
    }
  /** Goes ahead alone, with the reason that is typed on the card. */
  | {
      readonly verb: 'break-glass';
      readonly run: string;
      readonly stage: string;
      readonly round: number;
      readonly planHash: string;
    }
  /** Signs that a break-glass was looked at. */
  | {
      readonly verb: 'review';
      readonly run: string;
      readonly stage: string;
      /** Absent on cards that an older bot has drawn. */
      readonly round?: number;
    }
  | { readonly verb: 'withdraw'; readonly run: string; readonly stage: string; readonly round: number }
  | {
      readonly verb: 'decide';
      readonly run: string;
      readonly pause: number;
      readonly choice: 'retry' | 'skip' | 'undo' | 'stop';
    }
  | { readonly verb: 'abort'; readonly run: string }
  /** Gives the person who presses a link to enter the value that a step waits for. */
  | { readonly verb: 'enter'; readonly run: string; readonly stage: string }
  /** Says the words as if the person had typed them. */
  | {
      readonly verb: 'say';
      readonly words: string;
      /** Who had typed them and when (UTC), where a button only asks what they are for: anybody may press that one. */
      readonly said?: { readonly by: { readonly id: string; readonly name: string }; readonly at: string };
    };

/** Gives the token for an action on a card that is about to be drawn. */
export type Sign = (action: CardAction) => string;
