import type { GateState, RunState } from '../incidents/run-state';

/**
 * The gate that somebody means who wrote that they go ahead alone, or why that cannot be told, in words for them.
 * Words name no plan, so they count only where there was just one that they can be about: not where the plan was made
 * anew, several gates ask, or the gate asked only after they were written.
 */
export function meantGate({ gates }: Pick<RunState, 'gates'>, saidAt: Date): GateState | string {
  const [gate, ...others] = Object.values(gates).filter(({ closed }) => !closed);
  if (!gate) return 'No approval is open in this run.';
  if (others.length > 0) return `Several approvals are open. ${ON_CARD}`;
  if (gate.round > 1)
    return `Azure has changed since this run began, and the plan was made anew: plan ${gate.planHash.slice(0, 8)}, version ${gate.round}. ${ON_CARD}`;
  if (saidAt < gate.openedAt) return `This approval was opened after you had written that. ${ON_CARD}`;
  return gate;
}

const ON_CARD =
  'Look at the card of what you mean, and press "Break glass" there: then what you answer is what you saw.';
