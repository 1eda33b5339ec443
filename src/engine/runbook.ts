import type { ZodType } from 'zod/v4';
import type { Azure } from '../azure/azure';
import type { Problem } from '../incidents/event';
import type { JsonObject } from '../incidents/json';
import type { Plan } from '../incidents/plan';
import type { RunState } from '../incidents/run-state';
import type { ProtectedApp } from './estate';

/** Measured durations of past runs' steps, to quote from: median minutes by runbook and stage, null when never run. */
export type PastMinutes = (runbook: string, stage: string) => number | null;

/** What a runbook has at hand when it reads Azure for a form or a plan. */
export interface Context {
  readonly app: ProtectedApp;
  readonly azure: Azure;
  readonly now: Date;
  readonly past: PastMinutes;
}

/** What a plan is compiled in: the run it is for, and what that run has done already (a drift compiles anew). */
export interface CompileContext extends Context {
  /** Short and unique, part of the deterministic names of what the run creates: `inc7-1`. */
  readonly run: string;
  /** Names of the steps that have been begun in this run. */
  readonly begun: ReadonlySet<string>;
  readonly requestedAt: Date;
  /** The plan that is compiled anew, if there was one: what this run has changed since can be told only from it. */
  readonly before?: Plan;
}

/** Another choice that would work, offered as a button: what it says and the parameters that it stands for. */
export interface Choice {
  readonly words: string;
  /** The runbook that it is for, where that is another one. */
  readonly runbook?: string;
  readonly parameters: JsonObject;
}

/** A plan, or why there can be none and what would work instead. */
export type Compiled =
  | { readonly plan: Plan }
  | { readonly refused: Problem; readonly choices: readonly Choice[] };

/**
 * A moment that a form offers under `moments`: what happened then, and what goes back behind it. Times are ISO 8601 in
 * UTC; they are said in the person's own zone.
 */
export type OfferedMoment = {
  /** What stands before the words on the button: `Just before`. */
  readonly label: string;
  /** The same without the words, for where they are too long for a button: `Just before this`. */
  readonly short: string;
  /** `Anna deleted 214 requests`. */
  readonly words: string;
  readonly happened: string;
  /** Where it is known from: `the app's audit trail`. */
  readonly from: string;
  /** What the button asks for besides the form's inputs, `at` among it. */
  readonly parameters: JsonObject;
  /** Azure cannot go back there before this time; null: it can now. */
  readonly possibleFrom: string | null;
};

/** A form's values for its card template, and the choices that it validated. */
export type FormData = JsonObject;

/** How people start a runbook in chat; its line of help, its permissions and the reading of it come from here. */
export interface RunbookCommand {
  /** The command's own name: `restore`. */
  readonly name: string;
  /** What people say for it, its name among them. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly examples: readonly string[];
  /**
   * What may follow: a database and a moment to go back to; or anything else, which this function reads. It gets the
   * words behind the command, without the app's name where they begin with it, and gives what they say under the names
   * of the form's inputs.
   */
  readonly takes: 'database and moment' | ((words: string) => JsonObject);
}

/**
 * How one scenario of the document is handled: one file in `runbooks/`, one form card in `cards/` under the same
 * name. It reads, and it compiles a plan; it never changes Azure itself.
 */
export interface Runbook<P extends JsonObject = JsonObject> {
  /** Kebab-case; the file's and the card's name. */
  readonly name: string;
  readonly title: string;
  /** Another one wherever its code or that of the operations is another; given when it is loaded. */
  readonly version?: string;
  /** The document's section that this runbook carries out. */
  readonly source: string;
  /** What it does in one sentence, for help and for the form. */
  readonly summary: string;
  /** The document's estimate in minutes, lower and upper end. */
  readonly estimateMinutes: readonly [number, number];
  readonly command: RunbookCommand;
  /** What these parameters ask for, in a few words that follow the title: `AzureAdClientSecret`. */
  readonly subject?: (parameters: JsonObject) => string;
  readonly parameters: ZodType<P>;
  /** The values that prefill the form, read live. */
  readonly form: (context: Context, known: JsonObject) => Promise<FormData>;
  readonly compile: (parameters: P, context: CompileContext) => Promise<Compiled>;
  /** The app's true state right now in sentences, for a person who must decide about a paused run. */
  readonly truth: (plan: Plan, state: RunState, context: Context) => Promise<readonly string[]>;
}
