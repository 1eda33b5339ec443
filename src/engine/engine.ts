import type { Decision, Entry, Event } from '../incidents/event';
import type { JsonObject } from '../incidents/json';
import type { PostedSeal } from '../incidents/posted-seal';
import type { RunState } from '../incidents/run-state';
import type { Person } from './approval';
import type { Entering } from './enter-value';
import type { FormData, Runbook } from './runbook';

/** A truthful answer to somebody who asked for something: it was done, or why not in words for them. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly words: string };

/** What a person adds to an incident's timeline, or has read of it. */
export interface Note {
  readonly id: string;
  readonly incident: string;
  readonly event: Extract<Event, { type: 'note.added' | 'entry.amended' | 'timeline.read' | 'triage.made' }>;
  readonly by: Person;
  readonly at: Date;
}

/** The entry of a note, and whether it was written now or stood there before; or why there is none. */
export type Noted =
  | { readonly ok: true; readonly added: boolean; readonly seq: number }
  | { readonly ok: false; readonly words: string };

/** One incident with all that happened in it. */
export interface IncidentView {
  readonly incident: string;
  readonly title: string;
  readonly app: string;
  /** The conversation in which it is handled. */
  readonly conversation: string;
  readonly simulated: boolean;
  readonly openedAt: Date;
  readonly entries: readonly Entry[];
  /** The newest entry by the incident's own row: other than the last of `entries` where somebody took some away. */
  readonly head: PostedSeal;
  /** Its runs, oldest first. */
  readonly runs: readonly RunState[];
}

/** How far a stage is that Azure works on. Not an entry: it is overwritten, and forgotten when the stage ends. */
export interface Progress {
  readonly run: string;
  readonly stage: string;
  /** 0-100, or null where Azure gives none. */
  readonly percent: number | null;
  readonly words: string;
  readonly at: Date;
}

/** What chat, the command line and the web can ask of the engine. Every call is idempotent by its `id`. */
export interface Engine {
  readonly runbooks: ReadonlyMap<string, Runbook>;
  /** Opens an incident in a conversation and requests a run in it; the plan follows in the background. */
  readonly request: (request: {
    /** From the inbound activity: the same id never makes a second incident or run. */
    readonly id: string;
    readonly app: string;
    readonly runbook: string;
    readonly parameters: JsonObject;
    readonly words: string;
    readonly by: Person;
    readonly conversation: string;
    readonly at: Date;
  }) => Promise<{ readonly incident: string; readonly run: string } | { readonly refused: string }>;
  /** The form's values, read live from Azure. @throws FormUnread when Azure does not give them. */
  readonly form: (app: string, runbook: string, known: JsonObject) => Promise<FormData>;
  readonly vote: (vote: {
    readonly id: string;
    readonly run: string;
    readonly stage: string;
    readonly planHash: string;
    readonly choice: string;
    readonly reason: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  readonly withdraw: (vote: {
    readonly id: string;
    readonly run: string;
    readonly stage: string;
    readonly reason: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  /** Answers a paused run's question. */
  readonly decide: (decision: {
    readonly id: string;
    readonly run: string;
    /** The pause that the person saw; an older one is refused. */
    readonly pause: number;
    readonly decision: Decision;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  readonly abort: (abort: {
    readonly id: string;
    readonly run: string;
    readonly reason: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  /** Goes ahead alone, where the estate names a role that may; everybody is told, and somebody else must review it. */
  readonly breakGlass: (alone: {
    readonly id: string;
    readonly run: string;
    readonly stage: string;
    readonly planHash: string;
    readonly reason: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  /** Signs that a break-glass was looked at; also when the run is over. */
  readonly signReview: (review: {
    readonly id: string;
    readonly run: string;
    readonly stage: string;
    /** Of which plan; the oldest that is owed at that stage where it is not said. */
    readonly round?: number | undefined;
    readonly words: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  /** Lends one of the person's own roles to somebody for this run, until a moment. */
  readonly delegate: (loan: {
    readonly id: string;
    readonly run: string;
    readonly role: string;
    readonly to: Person;
    readonly until: Date;
    readonly reason: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  /** Takes back what the person has lent in this run. */
  readonly endDelegation: (back: {
    readonly id: string;
    readonly run: string;
    readonly by: Person;
    readonly at: Date;
  }) => Promise<Answer>;
  /** Values that a step waits for. They are shown, kept and logged nowhere. */
  readonly values: {
    /** Writes down that somebody was given the link to enter a value, or opened it. */
    readonly note: (noted: {
      readonly id: string;
      readonly run: string;
      readonly event: Extract<Event, { type: 'value.link-given' | 'value.page-opened' }>;
      readonly by: Person;
      readonly at: Date;
    }) => Promise<void>;
    /** Puts a value into the vault, if its step still waits for one. */
    readonly enter: (entering: Entering, value: string) => Promise<Answer>;
  };
  /** Writes down what is about the incident and no run of it. An amendment is refused unless its entry is there. */
  readonly note: (note: Note) => Promise<Noted>;
  /** Null when there is no such incident. */
  readonly incident: (incident: string) => Promise<IncidentView | null>;
  /** Incidents with an unfinished run, newest first; all of them when asked. */
  readonly incidents: (which: 'open' | 'all') => Promise<readonly IncidentView[]>;
  /** How many entries each incident has. */
  readonly lengths: () => Promise<ReadonlyMap<string, number>>;
  readonly incidentOfRun: (run: string) => Promise<IncidentView | null>;
  /** Says where an incident is handled from now on. */
  readonly moveTo: (incident: string, conversation: string) => Promise<void>;
  /** Whether it is this process that carries runs out, and not another one on the same store. */
  readonly carriesOut: () => boolean;
  readonly progress: (run: string) => readonly Progress[];
  /** Calls back after entries were recorded or progress moved, in this process or in another one. */
  readonly onChange: (listener: (incident: string) => void) => () => void;
}
