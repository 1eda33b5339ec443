import type { Azure } from '../../src/azure/azure';
import type { Estate } from '../../src/engine/estate';
import type { Outcome } from '../../src/incidents/event';
import type { JsonObject } from '../../src/incidents/json';
import type { OperationData } from '../../src/incidents/plan';
import type { Simulator } from '../../src/simulator/simulator';

/**
 * One disaster and the runbook that ends it, for the tests that hold for all of them: every step going wrong in every
 * plausible way, and the bot dying at every stage. Each file of this folder exports its own as `scenarios`.
 */
export interface Scenario {
  /** What happened, as a few words: `a soft-deleted secret`. */
  readonly words: string;
  readonly runbook: string;
  /** The estate that the simulator begins with; `tier2` unless told. */
  readonly seed?: 'tier2' | 'tier3';
  /** Changes the demo's estate before the bot reads it. */
  readonly estate?: (estate: Estate) => Estate;
  /** What happened before somebody asks: through the simulator's own functions or Azure's API, as by hand. */
  readonly disaster: (simulator: Simulator) => Promise<void> | void;
  readonly parameters: (simulator: Simulator) => Promise<JsonObject> | JsonObject;
  /** The answer to each gate; the one that goes on where none is named. */
  readonly answers?: { readonly [gate: string]: string };
  /** How the run ends where nothing goes wrong; `completed` unless told. */
  readonly outcome?: Outcome;
  /** What people do once the named step has been intended: enter a value, … `step` is what it does. */
  readonly meanwhile?: {
    readonly [step: string]: (azure: Azure, simulator: Simulator, step: OperationData) => Promise<void>;
  };
  /**
   * Requests that may come once more each time a step is tried again, because the try's outcome cannot be used: what it
   * left is taken away and made anew. Matched against `POST graph…/addPassword`.
   */
  readonly mends?: RegExp;
  /**
   * Requests of the other plan that is made when Azure denies what there is. Each may come twice more: a name is given to
   * an app first without its certificate and then with it.
   */
  readonly detours?: RegExp;
  /** What a plan tells people to do afterwards where it cannot do all of it itself: then `recovered` is theirs to bring about. */
  readonly byHand?: RegExp;
  /**
   * Readings that a plan is built on: when Azure says at first that what is there is not (404), the run pauses `at` this
   * stage, and people have to stop it and ask again.
   */
  readonly startsAnew?: readonly { readonly reading: RegExp; readonly at: string }[];
  /** A variant of another one: where only samples are played, bots are not killed in it. */
  readonly variant?: true;
  /** Expects what must be true in the simulated Azure at the end; `denied`: a call was refused for as long as it was asked. */
  readonly recovered: (simulator: Simulator, denied?: boolean) => Promise<void>;
}
