import { type Delegation, inForce } from '../incidents/delegation';
import type { Event } from '../incidents/event';
import { isSame } from '../incidents/human';
import { type RunState, runState } from '../incidents/run-state';
import type { Person } from './approval';
import type { ConductorPorts } from './conductor-ports';
import type { Answer, Engine } from './engine';
import { heardVote } from './hear';

type Asked = Parameters<Engine['vote']>[0];

/** Everybody who has lent this voter a role in the run, with the roles that they have themselves now. */
export async function lendersTo(
  { timeline, person, now }: Pick<ConductorPorts, 'timeline' | 'person' | 'now'>,
  { run, by }: Pick<Asked, 'run' | 'by'>,
): Promise<readonly Person[]> {
  const incident = await timeline.incidentOfRun(run);
  const state = incident === null ? null : runState(run, await timeline.entries(incident));
  const loans = inForce(state?.delegations ?? [], now()).filter(({ to }) => isSame(to, by));
  return Promise.all(loans.map(({ from }) => person(from.id, from.name)));
}

/** A vote, with no role that its lender has lost meanwhile, or may have lost while the directory cannot be asked. */
export function heardLentVote(
  state: RunState,
  vote: Asked,
  lenders: readonly Person[],
  now: Date,
): Event | Extract<Answer, { ok: false }> {
  const isLost = ({ from, to, role }: Delegation): boolean =>
    isSame(to, vote.by) && !lenders.some((one) => isSame(one, from) && one.roles.includes(role));
  const delegations = state.delegations.filter((loan) => !isLost(loan));
  const heard = heardVote({ ...state, delegations }, vote, now);
  const [lost] = inForce(state.delegations.filter(isLost), now);
  if (!('ok' in heard) || !lost) return heard;
  return {
    ok: false,
    words: `${heard.words} ${lost.from.name} is not known to hold the role ${lost.role} any more, so you cannot answer with it on their behalf.`,
  };
}
