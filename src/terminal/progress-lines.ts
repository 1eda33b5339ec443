import type { Progress } from '../engine/engine';
import { type RunState, stageState } from '../incidents/run-state';
import { sayClockUtc } from '../words/say';
import { stageTitle } from '../words/situation';
import { harmless } from './look';

const QUARTER = 25;

/**
 * Progress for a place where no line can be overwritten, such as a log: a line each time that a stage has passed
 * another quarter. Gives a function that is told all progress and gives the lines that are new.
 */
export function createProgressLines(): (run: RunState, progress: readonly Progress[]) => readonly string[] {
  const said = new Map<string, number>();
  return (run, progress) =>
    progress.flatMap(({ stage, percent, at }) => {
      const { status, attempt } = stageState(run, stage);
      if (percent === null || status !== 'running') return [];
      const quarter = Math.floor(percent / QUARTER);
      const key = `${stage} ${attempt}`;
      if (quarter <= (said.get(key) ?? 0)) return [];
      said.set(key, quarter);
      return [`${sayClockUtc(at)}  ${harmless(stageTitle(run, stage))}: ${Math.round(percent)} %`];
    });
}
