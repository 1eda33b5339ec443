import { openReviews } from '../engine/hear-exceptions';
import { isSame } from '../incidents/human';
import type { Review } from '../incidents/review';
import type { RunState } from '../incidents/run-state';
import { actorName } from './actor-name';

/** Who went ahead alone, and that it was the one who asked where it was: nobody else had a say in the run then. */
export const aloneName = (run: Pick<RunState, 'requester'>, { by }: Pick<Review, 'by'>): string =>
  isSame(by, run.requester) ? `${actorName(by)} (who had asked for this run as well)` : actorName(by);

/** A line for each break-glass of a run that nobody else has looked at yet. */
export const owedReviews = (run: RunState): readonly string[] =>
  openReviews(run).map(
    (review) =>
      `${aloneName(run, review)} went ahead alone at “${review.question}”. Somebody else must review this: "@dr sign review".`,
  );
