import fc from 'fast-check';
import type { Person } from '../../src/engine/approval';
import { decide } from '../../src/engine/decide';
import { heardWithdrawal } from '../../src/engine/hear';
import { heardBreakGlass, heardDelegation, heardReturn } from '../../src/engine/hear-exceptions';
import { heardLentVote } from '../../src/engine/lenders';
import type { Draft, Event, GatePolicy } from '../../src/incidents/event';
import { planHash } from '../../src/incidents/plan';
import { type RunState, runState } from '../../src/incidents/run-state';
import { gate, planOf, step } from '../support/plans';
import { compiled, entries, minutesIn, opened, requested, run } from '../support/story';

const runs = Number(process.env['FUZZ_RUNS'] ?? 5_000);
const plan = planOf([gate('begin', { covers: ['restore'] }), step('restore', { after: ['begin'] })]);
const hash = planHash(plan);
const OPENED = 2;
const EXPIRES = 60;

const roleSets = [
  [],
  ['approver'],
  ['approver'],
  ['security'],
  ['approver', 'security'],
  ['lead'],
  ['commander'],
  ['approver', 'commander'],
];
const policies: fc.Arbitrary<GatePolicy> = fc.record({
  needs: fc.constantFrom(
    [{ role: 'approver', count: 1 }],
    [{ role: 'approver', count: 2 }],
    [
      { role: 'approver', count: 1 },
      { role: 'security', count: 1 },
    ],
    [
      { role: 'approver', count: 2 },
      { role: 'security', count: 1 },
    ],
  ),
  expiresAfterMinutes: fc.constant(EXPIRES),
  onExpiry: fc.constantFrom('stop' as const, 'stop' as const, 'go-on' as const),
  escalation: fc.option(fc.constant({ afterMinutes: 20, role: 'lead' }), { nil: undefined }),
  breakGlass: fc.option(fc.constant('commander'), { nil: undefined }),
});

const moves = fc.array(
  fc.record({
    what: fc.constantFrom(
      ...([
        'approve',
        'approve',
        'approve',
        'approve',
        'reject',
        'withdraw',
        'again',
        'wait',
        'wait',
        'regroup',
      ] as const),
      ...(['lend', 'lend', 'lend', 'take back', 'take back', 'break glass', 'old plan'] as const),
    ),
    who: fc.nat(5),
    whom: fc.nat(5),
    roles: fc.nat(roleSets.length - 1),
    minutes: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 20 },
);

/** The roles of an answer, and everybody whose voice is in it. */
interface SeatedVote {
  readonly roles: readonly string[];
  readonly holders: readonly string[];
}

/**
 * The rules as an approver would tell them, without the engine: who has which voice now, and whether every seat can be
 * given to another human. Written to be obviously right, not fast.
 */
function referenceModel(policy: GatePolicy, people: readonly Person[]) {
  const votes = new Map<
    string,
    { readonly roles: readonly string[]; readonly for: readonly string[]; readonly yes: boolean }
  >();
  const loans: {
    readonly from: string;
    readonly to: string;
    readonly role: string;
    readonly until: number;
  }[] = [];
  let end: 'open' | 'yes' | 'no' = 'open';
  /** Everybody whose voice is in an answer of somebody else: their own answers, and those given on their behalf. */
  const usedByOthers = (id: string) =>
    [...votes].flatMap(([voter, vote]) => (voter === id ? [] : [voter, ...vote.for]));
  const valid = (minute: number) => loans.filter(({ until }) => minute < until);
  const isEscalated = (minute: number) =>
    policy.escalation !== undefined && minute >= OPENED + policy.escalation.afterMinutes;
  const stillHolds = (id: string, role: string) =>
    people.some((person) => person.id === id && person.roles.includes(role));
  const voice = (person: Person, minute: number, without: readonly string[]) => {
    const own = person.roles.filter(
      (role) => !valid(minute).some((loan) => loan.from === person.id && loan.role === role),
    );
    const lent = valid(minute).filter(
      (loan) =>
        loan.to === person.id &&
        !own.includes(loan.role) &&
        !without.includes(loan.from) &&
        stillHolds(loan.from, loan.role),
    );
    return { roles: [...own, ...lent.map(({ role }) => role)], for: lent.map(({ from }) => from) };
  };
  const listed = (minute: number) => [
    ...policy.needs.map(({ role }) => role),
    ...(isEscalated(minute) ? ['lead'] : []),
  ];
  const seats = policy.needs.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
  /** Every seat to one vote whose mandate holders have no other seat. */
  const fill = (left: readonly string[], voters: readonly SeatedVote[], anySeat: boolean): boolean => {
    const [role, ...others] = left;
    if (role === undefined) return true;
    return voters.some(
      ({ roles, holders }) =>
        (roles.includes(role) || (anySeat && roles.includes('lead'))) &&
        fill(
          others,
          voters.filter((other) => !other.holders.some((holder) => holders.includes(holder))),
          anySeat,
        ),
    );
  };
  return {
    end: () => end,
    loans,
    voice,
    listed,
    /** Whether this answer may be counted, and what follows from it. */
    vote: (person: Person, yes: boolean, minute: number): boolean => {
      if (end !== 'open' || minute >= EXPIRES) return false;
      const used = usedByOthers(person.id);
      const { roles, for: behalf } = voice(person, minute, yes ? used : []);
      const may = yes ? listed(minute) : [...listed(minute), 'responder'];
      if (!roles.some((role) => may.includes(role))) return false;
      if (yes && person.id === 'alex') return false;
      if (yes && used.includes(person.id)) return false;
      votes.set(person.id, { roles, for: behalf, yes });
      if (!yes) end = 'no';
      return true;
    },
    withdraw: (person: Person): boolean => end === 'open' && votes.delete(person.id),
    /** Whether somebody's voice is in an answer that stands. */
    isUsed: (person: Person) => votes.has(person.id) || usedByOthers(person.id).includes(person.id),
    settle: (minute: number): void => {
      if (end !== 'open') return;
      const yes = [...votes].filter(([, vote]) => vote.yes);
      const seated = yes.map(([voter, vote]) => ({ roles: vote.roles, holders: [voter, ...vote.for] }));
      if (minute >= EXPIRES) end = policy.onExpiry === 'go-on' ? 'yes' : 'no';
      else if (fill(seats, seated, isEscalated(minute))) end = 'yes';
    },
    breakGlass: (person: Person, minute: number): boolean => {
      if (end !== 'open' || minute >= EXPIRES || policy.breakGlass === undefined) return false;
      if (!person.roles.includes(policy.breakGlass)) return false;
      end = 'yes';
      return true;
    },
  };
}

test('whatever people do, the run starts exactly when the rules as an approver would tell them say so', () => {
  let [started, broke, brokeOwn, expiredOn, lentVotes] = [0, 0, 0, 0, 0];
  fc.assert(
    fc.property(
      policies,
      fc.array(fc.nat(roleSets.length - 1), { minLength: 3, maxLength: 5 }),
      fc.constantFrom('security', 'commander'),
      moves,
      (policy, dealt, asker, steps) => {
        const people: Person[] = [
          { id: 'alex', name: 'Alex', roles: ['responder', 'approver', asker] },
          ...dealt.map((set, index) => ({ id: `p${index}`, name: `P${index}`, roles: roleSets[set] ?? [] })),
        ];
        const drafts: Draft[] = [...entries(requested, compiled(plan), opened(plan, 'begin', policy))];
        const model = referenceModel(policy, people);
        let minute = OPENED + 1;
        let last = null as Draft | null;
        const state = (): RunState => {
          const found = runState(run, drafts);
          if (!found) throw new Error('There is no run.');
          return found;
        };
        const add = (event: Event, by: Person | null) => {
          const actor = by
            ? ({ kind: 'person', id: by.id, name: by.name } as const)
            : ({ kind: 'bot' } as const);
          last = { id: `e${drafts.length}`, run, actor, happenedAt: minutesIn(minute), event };
          drafts.push(last);
        };
        /** Whether the engine took it. */
        const heard = (said: Event | readonly Event[] | { readonly ok: false }, by: Person): boolean => {
          if ('ok' in said) return false;
          for (const event of [said].flat()) add(event, by);
          return true;
        };
        const settle = () => {
          for (let again = true; again; ) {
            again = false;
            for (const action of decide(state(), minutesIn(minute)).actions) {
              if (action.do !== 'append') continue;
              add(action.event, null);
              again = true;
              break;
            }
          }
          model.settle(minute);
        };
        const approve = (by: Person) => {
          const told = { id: 'x', run, stage: 'begin', by, at: minutesIn(minute) };
          const vote = { ...told, planHash: hash, choice: 'approve', reason: '' };
          const took = heard(heardLentVote(state(), vote, people, minutesIn(minute)), by);
          expect([by.id, took]).toEqual([by.id, model.vote(by, true, minute)]);
        };
        for (const { what, who, whom, roles, minutes } of steps) {
          const person = people[who % people.length];
          const other = people[whom % people.length];
          if (!person || !other) throw new Error('There is nobody.');
          const told = { id: 'x', run, stage: 'begin', by: person, at: minutesIn(minute) };
          switch (what) {
            case 'wait':
              minute += minutes;
              break;
            case 'regroup':
              // Somebody joins or leaves groups: what they said before stands as it was said.
              people[who % people.length] = { ...person, roles: roleSets[roles] ?? [] };
              break;
            case 'again': {
              // Teams sends what was said last a second time, and it gets past the ids: it must count once.
              if (last?.event.type !== 'vote.cast' || last.actor.kind !== 'person') break;
              const { id } = last.actor;
              const same = people.find((one) => one.id === id);
              const { choice } = last.event;
              if (!same) break;
              const vote = { ...told, by: same, planHash: hash, choice, reason: '' };
              const took = heard(heardLentVote(state(), vote, people, minutesIn(minute)), same);
              expect(took).toBe(model.vote(same, choice === 'approve', minute));
              break;
            }
            case 'approve':
            case 'reject': {
              const vote = { ...told, planHash: hash, choice: what, reason: '' };
              const took = heard(heardLentVote(state(), vote, people, minutesIn(minute)), person);
              expect([what, person.id, took]).toEqual([
                what,
                person.id,
                model.vote(person, what === 'approve', minute),
              ]);
              break;
            }
            case 'old plan': {
              const vote = { ...told, planHash: 'another', choice: 'approve', reason: '' };
              expect(heard(heardLentVote(state(), vote, people, minutesIn(minute)), person)).toBe(false);
              break;
            }
            case 'withdraw':
              expect(heard(heardWithdrawal(state(), { ...told, reason: '' }), person)).toBe(
                model.withdraw(person),
              );
              break;
            case 'lend': {
              const [role = 'approver'] = person.roles;
              const until = minute + minutes;
              const loan = { ...told, role, to: other, until: minutesIn(until), reason: '' };
              if (!state().finished && heard(heardDelegation(state(), loan), person)) {
                const mine = model.loans.findIndex((one) => one.from === person.id && one.role === role);
                if (mine >= 0) model.loans.splice(mine, 1);
                model.loans.push({ from: person.id, to: other.id, role, until });
                expect(person.id === 'alex' || other.id === 'alex' || model.isUsed(person)).toBe(false);
                // As often as not the role is used at once, so that its holder may try to answer as well later.
                if (minutes % 2 === 0) approve(other);
              }
              break;
            }
            case 'take back':
              if (!state().finished && heard(heardReturn(state(), told), person))
                for (const lent of model.loans.filter((one) => one.from === person.id && minute < one.until))
                  model.loans.splice(model.loans.indexOf(lent), 1);
              break;
            case 'break glass': {
              const alone = { ...told, planHash: hash, reason: 'it cannot wait for them' };
              const took = heard(heardBreakGlass(state(), alone, minutesIn(minute)), person);
              expect(took).toBe(model.breakGlass(person, minute));
              if (took) broke += 1;
              if (took && person.id === 'alex') brokeOwn += 1;
              break;
            }
          }
          settle();
          const now = state();
          const starts = decide(now, minutesIn(minute)).actions.some((action) => action.do === 'perform');
          // The heart of it: never under quorum, never self-approved, never after a no or the end of the time.
          expect({ minute, starts }).toEqual({ minute, starts: model.end() === 'yes' });
          if (now.gates['begin']?.votes.some(({ by, choice }) => by.id === 'alex' && choice === 'approve'))
            throw new Error('The one who asked has approved.');
          if (starts) started += 1;
          if (starts && now.gates['begin']?.closed?.because === 'expired') expiredOn += 1;
          if (now.gates['begin']?.votes.some(({ onBehalfOf }) => onBehalfOf.length > 0)) lentVotes += 1;
          if (now.finished || starts) return;
        }
      },
    ),
    { numRuns: runs },
  );
  // The sequences reach what they are about.
  for (const often of [started, broke, brokeOwn, expiredOn, lentVotes])
    expect(often).toBeGreaterThan(runs / 500);
});
