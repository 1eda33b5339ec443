import type { Pool } from 'pg';
import type { Fence } from '../fence';
import type { Timeline } from '../incidents/timeline';
import { LEASE_MS, standBy } from '../store/stand-by';
import { CONDUCT } from './conduct';
import type { ConductInput } from './conductor-ports';
import type { Durable, DurableStore } from './durable';

/**
 * The carrying out of runs. One process at a time does it for all that share a store; the others write down what
 * people say, tell it, and stand by: when it is gone, however that happened, one of them takes over what it left.
 */
export interface Conducting {
  /** Whether it is this process that carries runs out. */
  readonly here: () => boolean;
  /** Sees to it that a run which has been written down is begun, here or where runs are carried out. */
  readonly begin: (input: ConductInput) => Promise<void>;
  /** Wakes a run up, wherever it is carried out. */
  readonly signal: (run: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** How often runs are looked for of which nobody said that they are to be begun, in milliseconds. */
const LOOK_EVERY_MS = 5_000;

/**
 * Carries runs out, or stands by to.
 * @throws Error when the store cannot be reached.
 */
export async function startConducting(options: {
  readonly pool: Pool;
  readonly timeline: Timeline;
  readonly durable: DurableStore;
  /** Registers the workflows before they are launched. */
  readonly register: (durable: Durable, fence: Fence) => void;
  readonly warn: (words: string, error: unknown) => void;
  /** How long a process that is not heard of keeps the right, in milliseconds; the same for all that share a store. */
  readonly leaseMs?: number;
}): Promise<Conducting> {
  const { pool, timeline, durable: store, register, warn, leaseMs = LEASE_MS } = options;
  let current: Durable | null = null;

  async function take(fence: Fence) {
    const durable = store.open();
    const begun = new Set<string>();
    /** A crash, or a process that does not carry runs out, may have left requests that nobody has begun. */
    const beginAll = async (): Promise<void> => {
      for (const input of await timeline.unfinishedRuns()) {
        if (begun.has(input.run)) continue;
        await durable.start<ConductInput>(CONDUCT, input.run, input);
        begun.add(input.run);
      }
    };
    try {
      register(durable, fence);
      await durable.launch();
      await beginAll();
    } catch (error) {
      // The next try opens it anew.
      await durable.stop().catch(() => undefined);
      throw error;
    }
    current = durable;
    const look = () => {
      beginAll().catch((error: unknown) => warn('Runs that wait to be begun cannot be read.', error));
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return {
      wake: look,
      stop: async () => {
        clearInterval(timer);
        current = null;
        await durable.stop();
      },
    };
  }

  const candidate = standBy({ pool, name: 'conduct', warn, leaseMs }, take);
  try {
    await candidate.first;
  } catch (error) {
    await candidate.stop();
    throw error;
  }
  return {
    here: () => current !== null,
    begin: async (input) => {
      if (current) await current.start<ConductInput>(CONDUCT, input.run, input);
      else candidate.tell();
    },
    signal: (run) => (current ?? store).signal(run),
    stop: async () => {
      await candidate.stop();
      await store.close();
    },
  };
}
