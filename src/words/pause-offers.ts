import { skipRefusal } from '../engine/hear';
import { undoStages } from '../engine/undo';
import type { Decision } from '../incidents/event';
import type { RunState } from '../incidents/run-state';
import { stageTitle } from './situation';

/** What a person can decide about a paused run, and what it would do. */
export interface PauseOffer {
  readonly choice: Decision['choice'];
  readonly title: string;
  readonly words: string;
  readonly needsReason: boolean;
}

/** The decisions that a paused run allows, the one that goes on first; none when it is not paused. */
export function pauseOffers(run: RunState): readonly PauseOffer[] {
  const { pause } = run;
  if (!pause || run.finished) return [];
  const title = stageTitle(run, pause.stage);
  const failed = pause.because === 'failed' && !run.refusal;
  const again = run.refusal ? 'Make the plan again' : failed ? 'Try again' : 'Go on with the run';
  return [
    { choice: 'retry', title: again, words: retryWords(run, title, failed), needsReason: false },
    ...(!run.undo && undoStages(run).length > 0 ? [undo] : []),
    ...(failed && skipRefusal(run) === null ? [skip(title)] : []),
    // While it is being taken back, stopping would leave the next stage to start all the same.
    ...(run.undo ? [] : [stop]),
  ];
}

const skip = (title: string): PauseOffer => ({
  choice: 'skip',
  title: 'Skip this step',
  needsReason: true,
  words: `goes on as if “${title}” were done. Only when it was done by hand.`,
});

const undo: PauseOffer = {
  choice: 'undo',
  title: 'Undo what was done',
  needsReason: false,
  words: 'takes back every change, newest first, then checks the app.',
};

const stop: PauseOffer = {
  choice: 'stop',
  title: 'Stop, leave it as it is',
  needsReason: true,
  words: 'ends the run: nothing more is changed, nothing is taken back.',
};

function retryWords(run: RunState, title: string, failed: boolean): string {
  if (run.refusal) return 'reads Azure once more; the new plan needs its approval again.';
  return failed
    ? `looks whether “${title}” happened after all, and does it if not.`
    : 'carries on with the approved plan where it stopped.';
}
