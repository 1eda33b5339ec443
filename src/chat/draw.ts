import { gateOf, type Person, voteRefusal } from '../engine/approval';
import type { Engine, IncidentView } from '../engine/engine';
import { DECIDES, roleRefusal } from '../engine/may';
import type { JsonObject } from '../incidents/json';
import type { Review } from '../incidents/review';
import type { RunState } from '../incidents/run-state';
import { drawGate } from './cards/draw-gate';
import { type Decisions, drawHeadline } from './cards/draw-headline';
import { drawReport } from './cards/draw-report';
import { drawReview } from './cards/draw-review';
import type { Shows } from './surfaces';
import type { Tokens } from './tokens';

/** Draws the cards that stand in conversations, with tokens in their buttons. */
export interface Draw {
  /** A standing card, for the id under which it is kept. */
  readonly standing: (view: IncidentView, id: string, shows: Shows) => Promise<JsonObject>;
  /** What one person sees of a gate's shared card. */
  readonly gateFor: (view: IncidentView, id: string, gate: GateFor) => Promise<JsonObject>;
  readonly headline: (view: IncidentView, run: RunState) => Promise<JsonObject>;
  /** Of the stage's first plan that somebody went ahead with alone, where `round` is not given. */
  readonly review: (view: IncidentView, run: RunState, stage: string, round?: number) => Promise<JsonObject>;
}

/** A gate and the person who looks at it. */
interface GateFor {
  readonly run: RunState;
  readonly stage: string;
  readonly viewer: Person;
  /** Teams' ids of those who get a view of their own, so that this view goes on being refreshed. */
  readonly userIds: readonly string[];
  readonly zone?: string;
}

/** The drawing of standing cards. */
export function createDraw(ports: {
  readonly tokens: Tokens;
  readonly engine: Pick<Engine, 'progress'>;
  readonly now: () => Date;
}): Draw {
  const { tokens, engine, now } = ports;
  const gate = (
    view: IncidentView,
    id: string,
    { run, stage, viewer, userIds, zone }: Omit<GateFor, 'viewer'> & { readonly viewer: Person | null },
    refreshes: boolean,
  ) =>
    tokens.draw(id, viewer?.id.toLowerCase() ?? null, (sign) => {
      const refusal = viewer ? quorumRefusal(run, stage, viewer, now()) : null;
      return drawGate(view, run, stage, viewer, {
        ...{ now: now(), zone, sign, refusal, userIds },
        mayVote: viewer !== null && refusal === null,
        card: refreshes ? id : undefined,
      });
    });
  const headline = (view: IncidentView, run: RunState) =>
    tokens.draw(`headline:${run.run}`, null, (sign) =>
      drawHeadline(view, run, engine.progress(run.run), { now: now(), sign, mayDecide: ALL }),
    );
  const review = (view: IncidentView, id: string, run: RunState, of: Pick<Review, 'stage' | 'round'>) =>
    tokens.draw(id, null, (sign) => drawReview(view, run, of, sign));
  return {
    headline,
    review: (view, run, stage, round = run.reviews.find((one) => one.stage === stage)?.round ?? 0) =>
      review(view, `review:${run.run}:${stage}:${round}`, run, { stage, round }),
    gateFor: (view, id, asked) => gate(view, id, asked, true),
    standing: async (view, id, shows) => {
      switch (shows.card) {
        case 'headline':
          return headline(view, shows.run);
        case 'review':
          return review(view, id, shows.run, shows);
        case 'report':
          return tokens.draw(id, null, (sign) => drawReport(view, shows.run, { now: now(), sign }));
        case 'gate':
          return gate(view, id, shows, shows.viewer === null);
      }
    },
  };
}

// The card is one for all who see it, so it offers everything; whether the one who presses may is asked then.
const ALL: Decisions = { retry: true, skip: true, undo: true, stop: true, abort: true };

/** Why somebody may not give the answers of a gate that its quorum is asked for; null when they may. */
function quorumRefusal(run: RunState, stage: string, person: Person, now: Date): string | null {
  if (!run.plan) return 'There is no plan yet.';
  const option = gateOf(run.plan, stage).options.find((one) => one.needsQuorum);
  return option
    ? (voteRefusal(run, stage, option.choice, person, now)?.words ?? null)
    : roleRefusal(person, DECIDES);
}
