import { createHash } from 'node:crypto';
import type { GatePolicy } from './event';
import { canonical, type Json, type JsonObject } from './json';

/**
 * A change to Azure as data, in the words of `azure/operation.ts`. A plan keeps it as plain JSON; the engine
 * reads it back through that module's schema before anything is sent. A value `{ "fact": "restore.databaseId" }`
 * stands for something that an earlier stage of the run learns.
 */
export type OperationData = JsonObject & { readonly op: string };

/** A reading of Azure or of the app as data, in the words of `azure/check.ts`. */
export type CheckData = JsonObject & { readonly check: string };

/** What every stage of a plan has. */
interface StageBase {
  /** Unique in the plan; kebab-case. */
  readonly name: string;
  /** One line for a person: what happens here. */
  readonly title: string;
  /** Names of the stages that must be done before this one starts. */
  readonly after: readonly string[];
  /** How long this normally takes, in minutes; null when nobody knows. */
  readonly expectedMinutes: number | null;
}

/** Reads, never changes. */
export interface CheckStage extends StageBase {
  readonly kind: 'check';
  readonly reads: CheckData;
  /** How long the check goes on looking before it fails, in minutes. */
  readonly withinMinutes: number;
}

/** One answer that a gate accepts. */
export interface GateOption {
  /** What is recorded: `approve`, `reject`, `keep`, `swap-back`, … */
  readonly choice: string;
  /** The button's text. */
  readonly label: string;
  /**
   * What the answer does. `go-on`: the stages behind the gate may start. `stop`: the run ends, nothing more is
   * changed. `undo`: the steps done so far are taken back.
   */
  readonly leads: 'go-on' | 'stop' | 'undo';
  /** Whether the gate's quorum is asked for this answer; otherwise one permitted person is enough. */
  readonly needsQuorum: boolean;
}

/** Waits for people. */
export interface GateStage extends StageBase {
  readonly kind: 'gate';
  /** Which of the estate's gate policies decides who answers, how many, and how long there is. */
  readonly policy: string;
  /** The question in one sentence. */
  readonly question: string;
  /** The answers; the first is the one that goes on. */
  readonly options: readonly GateOption[];
  /** Names of the steps that this gate stands before. */
  readonly covers: readonly string[];
}

/** How a step is taken back, or why it cannot be. */
export type Undo = { readonly undo: readonly OperationData[] } | { readonly irreversible: string };

/** Changes Azure. */
export interface StepStage extends StageBase {
  readonly kind: 'step';
  readonly does: OperationData;
  /** The exact Azure operation, for people: `PUT …/databases/x (createMode PointInTimeRestore)`. */
  readonly operation: string;
  /** The Azure resource that changes, by its name. */
  readonly target: string;
  /** Further resources that it makes or changes, by their names, where the operation itself does not name them. */
  readonly touches?: readonly string[];
  readonly back: Undo;
}

/** One part of a plan: it reads, waits for people, or changes Azure. */
export type Stage = CheckStage | GateStage | StepStage;

/** Data that will be gone afterwards. */
interface LossQuote {
  /** Minutes of writes that will be lost, as seen when the run was asked for; null when it cannot be known. */
  readonly minutes: number | null;
  readonly words: string;
  /** UTC; everything written from then on is lost. Null when nothing is, or nobody can tell from when. */
  readonly from: string | null;
  /** The step whose start settles how much it was: what is written until then is lost too. */
  readonly settledBy: string | null;
}

/** How long it should take until the app is green again. */
interface DurationQuote {
  readonly minutes: number | null;
  /** Where the number is from: the document's estimate, or what our own past runs took. */
  readonly basis: 'document' | 'past runs' | 'unknown';
  readonly words: string;
}

/** What a change is measured against. */
export interface Objectives {
  /** Recovery time objective in minutes, lower and upper end. */
  readonly rtoMinutes: readonly [number, number];
  /** Recovery point objective in minutes. */
  readonly rpoMinutes: number;
}

/** A field that people's approval depends on: its name in words, and its value when the plan was made. */
export type Observation = { readonly [field: string]: Json };

/** A runbook that people may want next: what its button says, and what its form is filled with. */
export interface NextRunbook {
  readonly words: string;
  readonly runbook: string;
  readonly known: JsonObject;
}

/** A runbook compiled against live Azure: what exactly will be done. People approve it, and only it runs. */
export interface Plan {
  readonly runbook: string;
  /** Which state of the runbook's code it was made by; absent in a plan of an older bot. */
  readonly version?: string;
  readonly app: string;
  readonly title: string;
  readonly parameters: JsonObject;
  /** What a person must know before saying yes, most important first. */
  readonly notices: readonly string[];
  readonly loss: LossQuote;
  readonly duration: DurationQuote;
  readonly objectives: Objectives;
  /** The state of Azure that this plan was made for; any difference before the change voids the votes. */
  readonly observed: Observation;
  /** The policies of its gates by name, as they were when it was compiled. */
  readonly policies?: { readonly [policy: string]: GatePolicy };
  readonly stages: readonly Stage[];
  /** What people should do once the run is completed, most important first. */
  readonly afterwards: readonly string[];
  /** The runbooks that people may want next once the run is completed, each as a button under the report. */
  readonly next?: readonly NextRunbook[];
  /** The stage that, once done, means that the app has recovered: the recovery clock stops there. */
  readonly recoveredAfter: string;
  /** What is read once everything has been taken back, where that is not what shows the recovery. */
  readonly afterUndo?: { readonly reads: CheckData; readonly withinMinutes: number };
}

/** How a policy that held before is named in a plan, where another is to hold now: `was:swap`. */
export const OLD_POLICY = 'was:';

/** The hash that a vote signs: everything in the plan, to the letter. */
export const planHash = (plan: Plan): string => createHash('sha256').update(canonical(plan)).digest('hex');

/** A plan's stage by its name. @throws when the plan has none of that name: a bug, not an event. */
export function stageOf(plan: Plan, name: string): Stage {
  const stage = plan.stages.find((candidate) => candidate.name === name);
  if (!stage) throw new Error(`The plan "${plan.title}" has no stage "${name}".`);
  return stage;
}

/** One field of Azure's state that is no longer what the approved plan was made for. */
export interface Drift {
  readonly field: string;
  readonly was: Json;
  readonly is: Json;
}

/** The fields in which two observations differ, in the order of the first. */
export function driftBetween(was: Observation, is: Observation): readonly Drift[] {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return fields
    .filter((field) => canonical(was[field] ?? null) !== canonical(is[field] ?? null))
    .map((field) => ({ field, was: was[field] ?? null, is: is[field] ?? null }));
}
