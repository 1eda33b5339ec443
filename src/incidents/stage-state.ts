import type { Finding, Problem } from './event';

/** Where a check or a step stands. `failed` waits for a person's decision. */
export interface StageState {
  readonly status: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
  /** 1 for the first try; a person's *retry* makes it one more. */
  readonly attempt: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly findings: readonly Finding[];
  readonly problem: Problem | null;
  readonly adopted: boolean;
}

/** A stage that nothing has happened to. */
export const untouched: StageState = {
  status: 'waiting',
  attempt: 1,
  startedAt: null,
  endedAt: null,
  findings: [],
  problem: null,
  adopted: false,
};
