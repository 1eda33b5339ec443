import type { Azure } from '../azure/azure';
import type { Check } from '../azure/check';
import type { Operation } from '../azure/operation';
import type { JsonObject } from '../incidents/json';
import type {
  CheckStage,
  GateOption,
  GateStage,
  OperationData,
  Stage,
  StepStage,
  Undo,
} from '../incidents/plan';

/** Something that an earlier stage of the run learns: `fact('restore.databaseId')`. */
export interface FactRef {
  readonly fact: string;
}

/** Stands in an operation or a check for what `stage.name` will turn out to be. */
export const fact = (name: string): FactRef => ({ fact: name });

type OrFact<T> = { readonly [K in keyof T]: T[K] extends string ? T[K] | FactRef : T[K] };

/** An operation as a plan holds it: its text values may still be facts to come. */
export type Planned<O extends Operation = Operation> = O extends Operation ? OrFact<O> : never;

/** A check as a plan holds it. */
export type PlannedCheck<C extends Check = Check> = C extends Check ? OrFact<C> : never;

type Common = {
  readonly title: string;
  readonly after?: readonly string[];
  readonly minutes?: number | null;
};

/** A gate that asks to approve or reject. */
export const approvalGate = (
  name: string,
  about: Common & { readonly policy: string; readonly question: string; readonly covers: readonly string[] },
): GateStage =>
  gate(name, about, [
    { choice: 'approve', label: 'Approve', leads: 'go-on', needsQuorum: true },
    { choice: 'reject', label: 'Reject', leads: 'stop', needsQuorum: false },
  ]);

/** A gate with answers of its own; the first goes on. */
export const gate = (
  name: string,
  about: Common & { readonly policy: string; readonly question: string; readonly covers: readonly string[] },
  options: readonly GateOption[],
): GateStage => ({
  ...{ kind: 'gate', name, title: about.title, after: about.after ?? [], expectedMinutes: null, options },
  ...{ policy: about.policy, question: about.question, covers: about.covers },
});

/** A step: one Azure operation, and how it is taken back or why it cannot be. */
export function step(
  azure: Azure,
  name: string,
  about: Common & {
    readonly does: Planned;
    readonly back: { undo: readonly Planned[] } | { irreversible: string };
    /** What it makes or changes besides what its operation names: a guard of that stands before it as well. */
    readonly touches?: readonly string[];
  },
): StepStage {
  const does = asData(about.does);
  const shown = forPeople(about.does);
  const handler = azure.handler(shown);
  const back: Undo = 'undo' in about.back ? { undo: about.back.undo.map(asData) } : about.back;
  return {
    ...{
      kind: 'step',
      name,
      title: about.title,
      after: about.after ?? [],
      expectedMinutes: about.minutes ?? null,
    },
    ...{ does, back, operation: handler.rest(shown), target: handler.target(shown) },
    ...(about.touches && { touches: about.touches }),
  };
}

/** A check: one reading, made again until it is right or its time is up. */
export const check = (
  name: string,
  about: Common & { readonly reads: PlannedCheck; readonly withinMinutes: number },
): CheckStage => ({
  ...{
    kind: 'check',
    name,
    title: about.title,
    after: about.after ?? [],
    expectedMinutes: about.minutes ?? null,
  },
  ...{ reads: toJson(about.reads) as CheckStage['reads'], withinMinutes: about.withinMinutes },
});

/** Puts every stage behind the one before it. */
export const inOrder = (stages: readonly Stage[]): readonly Stage[] =>
  stages.map((stage, index) => {
    const before = stages[index - 1];
    return before ? { ...stage, after: [before.name] } : stage;
  });

const asData = (planned: Planned): OperationData => toJson(planned) as OperationData;

const toJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/** For showing, a fact to come is its name in angle brackets. */
const forPeople = (planned: Planned): Operation =>
  JSON.parse(
    JSON.stringify(planned, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && 'fact' in value ? `<${String(value.fact)}>` : value,
    ),
  ) as Operation;
