import fc from 'fast-check';
import { gateClosing, type Person, voteRefusal } from '../../src/engine/approval';
import type { Draft, Event, GatePolicy } from '../../src/incidents/event';
import { type RunState, runState } from '../../src/incidents/run-state';
import { gate, planOf, step } from '../support/plans';
import { compiled, entries, minutesIn, opened, requested, run, vote } from '../support/story';

const runs = Number(process.env['FUZZ_RUNS'] ?? 5_000);
const plan = planOf([gate('begin', { covers: ['restore'] }), step('restore', { after: ['begin'] })]);
const roles = ['approver', 'security', 'responder'];

const people = fc
  .array(fc.subarray(roles), { minLength: 1, maxLength: 5 })
  .map((all): readonly Person[] => [
    { id: 'alex', name: 'Alex Wilber', roles },
    ...all.map((held, index) => ({ id: `p${index}`, name: `P${index}`, roles: held })),
  ]);
const policies: fc.Arbitrary<GatePolicy> = fc.record({
  needs: fc.uniqueArray(
    fc.record({ role: fc.constantFrom('approver', 'security'), count: fc.integer({ min: 1, max: 3 }) }),
    {
      ...{ selector: (need: { role: string }) => need.role, minLength: 1 },
    },
  ),
  expiresAfterMinutes: fc.constant(60),
  onExpiry: fc.constant('stop' as const),
});
const moves = fc.array(
  fc.record({
    who: fc.nat(5),
    what: fc.constantFrom('approve', 'approve', 'approve', 'reject', 'withdraw', 'wait', 'another plan'),
    minutes: fc.nat(40),
  }),
  { maxLength: 14 },
);

/** Whether every seat can be given to another of these people, by trying out every way. */
function seatable(seats: readonly string[], voters: readonly Person[]): boolean {
  const [role, ...others] = seats;
  if (role === undefined) return true;
  return voters.some(
    (voter) =>
      voter.roles.includes(role) &&
      seatable(
        others,
        voters.filter((one) => one.id !== voter.id),
      ),
  );
}

test('no gate ever goes on under its quorum, by the requester, for another plan, or after its time', () => {
  let wentOn = 0;
  fc.assert(
    fc.property(people, policies, moves, (all, policy, steps) => {
      const drafts: Draft[] = [...entries(requested, compiled(plan), opened(plan, 'begin', policy))];
      const approvals = new Map<string, Person>();
      let minute = 3;
      let vetoed = false;
      const say = (by: Person, event: Event) => {
        const [draft] = entries([by, event]);
        if (draft) drafts.push({ ...draft, id: `said-${drafts.length}`, happenedAt: minutesIn(minute) });
      };
      const stateNow = (): RunState => {
        const state = runState(run, drafts);
        if (!state) throw new Error('There is no run.');
        return state;
      };
      for (const { who, what, minutes } of steps) {
        const person = all[who % all.length];
        if (!person) throw new Error('There is nobody.');
        if (what === 'wait') minute += minutes;
        else if (what === 'withdraw') {
          say(person, { type: 'vote.withdrawn', stage: 'begin', round: 1, reason: '' });
          approvals.delete(person.id);
        } else if (what === 'another plan') {
          say(person, vote(person, planOf([...plan.stages, step('more')]), 'begin')[1]);
        } else {
          const refusal = voteRefusal(stateNow(), 'begin', what, person, minutesIn(minute));
          const barred =
            person.id === 'alex' ||
            !person.roles.some((role) => policy.needs.some((need) => need.role === role));
          if (what === 'approve') expect(refusal !== null).toBe(barred || minute >= 60);
          if (refusal) continue;
          say(person, vote(person, plan, 'begin', what)[1]);
          approvals.delete(person.id);
          if (what === 'approve') approvals.set(person.id, person);
          else vetoed = true;
        }
        const gateState = stateNow().gates['begin'];
        if (!gateState) throw new Error('The gate is gone.');
        const closing = gateClosing(plan, gateState, minutesIn(minute));
        const seats = policy.needs.flatMap((need) => Array.from({ length: need.count }, () => need.role));
        const enough = seatable(seats, [...approvals.values()]);
        if (closing?.option.leads === 'go-on') {
          wentOn += 1;
          expect({ enough, vetoed, requester: approvals.has('alex'), because: closing.because }).toEqual({
            ...{ enough: true, vetoed: false, requester: false, because: 'quorum' },
          });
          expect(gateState.votes.every((one) => one.at < gateState.expiresAt)).toBe(true);
        } else expect(enough && !vetoed).toBe(false);
        if (closing) return;
      }
    }),
    { numRuns: runs },
  );
  expect(wentOn).toBeGreaterThan(runs / 100);
});
