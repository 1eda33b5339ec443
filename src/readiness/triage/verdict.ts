import type { JsonObject } from '../../incidents/json';
import type { Question } from './answers';

/** The document's five scenarios. */
export const scenarios = {
  data: 'Scenario 1: Data deletion',
  secret: 'Scenario 2: Key Vault secret lost',
  region: 'Scenario 3: Region failure',
  storage: 'Scenario 4: Storage account',
  release: 'Scenario 5: Bad deployment',
} as const;
export type Scenario = keyof typeof scenarios;

/** One step of the way through the decision tree, and the evidence for it. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
  readonly because: string;
}

/** The one thing to do now. */
export type Verdict =
  /** A scenario of the document, and the form that carries it out with what is known filled in. */
  | {
      readonly kind: 'recover';
      readonly scenario: Scenario;
      readonly runbook: string;
      readonly known: JsonObject;
      readonly title: string;
      readonly words: string;
    }
  /** Something is wrong that none of the scenarios mends: what to do instead. */
  | { readonly kind: 'by hand'; readonly title: string; readonly words: string }
  | { readonly kind: 'none'; readonly title: string; readonly words: string }
  | {
      readonly kind: 'ask';
      readonly title: string;
      readonly words: string;
      readonly asks: readonly Question[];
    }
  /** Not enough is known: what to look at, and then again. */
  | { readonly kind: 'gather'; readonly title: string; readonly words: string };

/** Why one scenario is not the recommended one. */
export interface WhyNot {
  readonly scenario: Scenario;
  readonly words: string;
}

/** What findings and answers lead to. */
export interface Triage {
  readonly verdict: Verdict;
  readonly path: readonly Turn[];
  readonly others: readonly WhyNot[];
  /** What is wrong as well and comes after the recommended step, in sentences. */
  readonly afterwards: readonly string[];
}
