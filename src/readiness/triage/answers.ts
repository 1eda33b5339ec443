/** What only people know. */
export type Question = 'data' | 'sign-in' | 'password' | 'packaging' | 'reach';

/** Somebody's answer to a question, with their name: a triage is only as good as what it was told. */
export interface Answer {
  readonly value: 'yes' | 'no' | 'unsure';
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `said`: read out of what they typed; `pressed`: the button on the card. */
  readonly how: 'said' | 'pressed';
}

export type Answers = { readonly [question in Question]?: Answer };

/** The questions as people are asked them. */
export const questions: {
  readonly [question in Question]: {
    readonly asks: string;
    readonly yes: string;
    readonly no: string;
    readonly help: string;
  };
} = {
  'sign-in': {
    asks: 'Can users sign in?',
    yes: 'Yes, they can',
    no: 'No, they cannot',
    help: 'Open the app in a private window and sign in.',
  },
  data: {
    asks: 'Is the data right?',
    yes: 'Yes, it is right',
    no: 'No, data is missing or wrong',
    help: 'Look at the newest requests, and ask somebody who uses the app every day.',
  },
  password: {
    asks: "Has the app's own client secret in Entra ID expired or been replaced?",
    yes: 'Yes',
    no: 'No, it is valid',
    help: 'Entra ID, App registrations, the app, Certificates & secrets.',
  },
  packaging: {
    asks: 'Do packaging jobs fail?',
    yes: 'Yes, they fail',
    no: 'No, they run',
    help: 'Publish a small package and see whether its job ends.',
  },
  reach: {
    asks: 'Does the app open in your own browser?',
    yes: 'Yes, it opens',
    no: 'No, it does not',
    help: 'Try it on another network than the one this bot is in, such as your telephone.',
  },
};
