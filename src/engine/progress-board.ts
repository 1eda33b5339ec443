import type { Pool } from 'pg';
import { z } from 'zod/v4';
import type { Progress } from './engine';

/** The channel on which the process that carries runs out says how far they are. */
export const PROGRESS_CHANNEL = 'dr_progress';

/** The newest progress of every stage, whichever process on the store works on it. */
export interface ProgressBoard {
  /** Keeps how far a stage is, and lets the other processes know. */
  readonly tell: (progress: Progress) => void;
  /** Takes what another process has said. */
  readonly heard: (payload: string) => void;
  readonly of: (run: string) => readonly Progress[];
}

const said = z.object({
  ...{ run: z.string(), stage: z.string(), percent: z.number().nullable(), words: z.string() },
  at: z.iso.datetime().transform((at) => new Date(at)),
});

/** A board that calls back with the run whenever one of its stages has moved. */
export function createProgressBoard(pool: Pool, moved: (run: string) => void): ProgressBoard {
  const latest = new Map<string, Progress>();
  const keyOf = ({ run, stage }: Progress): string => `${run}/${stage}`;
  const keep = (progress: Progress): boolean => {
    const before = latest.get(keyOf(progress));
    if (before && before.at >= progress.at) return false;
    latest.set(keyOf(progress), progress);
    moved(progress.run);
    return before?.percent !== progress.percent || before.words !== progress.words;
  };
  return {
    tell: (progress) => {
      if (!keep(progress)) return;
      // Progress is overwritten by the next one, so it does not matter when one is not heard.
      pool
        .query('select pg_notify($1, $2)', [PROGRESS_CHANNEL, JSON.stringify(progress)])
        .catch(() => undefined);
    },
    heard: (payload) => {
      keep(said.parse(JSON.parse(payload)));
    },
    of: (run) => [...latest.values()].filter((progress) => progress.run === run),
  };
}
