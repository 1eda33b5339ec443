/**
 * What carries a run through crashes. A workflow is an ordinary async function over {@link Work}; after a crash it
 * runs again from the top, and everything that was recorded is handed back instead of being done anew. So what a
 * workflow does between its calls to `work` must depend on recorded results alone.
 */
export interface Durable {
  /** Must be called for every workflow before {@link Durable.launch}. */
  readonly register: <Input extends object>(name: string, workflow: Workflow<Input>) => void;
  /** Begins to work, first of all on what a crash left unfinished. */
  readonly launch: () => Promise<void>;
  /** Starts a workflow; the same id is never started twice. */
  readonly start: <Input extends object>(name: string, id: string, input: Input) => Promise<void>;
  /** Wakes a workflow up that waits, or will wait; a signal given early is not lost. */
  readonly signal: (id: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The workflows of one store, for all processes that share it; only one of them may have them open. */
export interface DurableStore {
  /** For the process that carries workflows out: it takes up what any other one left unfinished. */
  readonly open: () => Durable;
  /** Wakes a workflow up that another process carries out; one that has not been begun yet needs no waking. */
  readonly signal: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A durable function. It ends by returning; it must not catch what `work` throws. */
export type Workflow<Input extends object> = (work: Work, input: Input) => Promise<void>;

/** What a workflow may do. */
export interface Work {
  /**
   * Does something and records its result, at least once. `act` must be harmless to repeat (it looks before it
   * acts) and must turn what can happen into a result; it is tried again as long as it throws.
   */
  readonly once: <Result>(name: string, act: () => Promise<Result>) => Promise<Result>;
  /** Starts another workflow and goes on without waiting for it. */
  readonly spawn: <Input extends object>(name: string, id: string, input: Input) => Promise<void>;
  /** Waits for a signal, holding nothing; gives up at `until` if it is set. */
  readonly wait: (until: Date | null) => Promise<void>;
  readonly signal: (id: string) => Promise<void>;
}
