import type { Person } from '../../src/engine/approval';
import { type Action, decide, type Next } from '../../src/engine/decide';
import type { Draft, Event, EventOf, EventType, GatePolicy, Problem } from '../../src/incidents/event';
import { named } from '../../src/incidents/human';
import { type Plan, planHash } from '../../src/incidents/plan';
import { type RunState, runState } from '../../src/incidents/run-state';
import { alex } from './people';
import { oneApprover } from './plans';

/** The run of every story. */
export const run = 'inc1-1';

/** When every story begins; each event comes a minute after the one before it. */
export const noon = new Date('2026-02-14T12:00:00Z');

/** A time so many minutes into a story. */
export const minutesIn = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);

/** What Azure says when a step does not work. */
export const refusedByAzure: Problem = {
  what: 'Azure refused it.',
  code: 'DatabaseIsBusy',
  status: 409,
  detail: '',
};

/** What happened, by the bot unless a person stands before it. */
export type Said = Event | readonly [Person, Event];

/** Events as they would be in a timeline: the bot's unless a person's name stands before them. */
export function entries(...events: readonly Said[]): readonly Draft[] {
  return events.map((one, index) => {
    const [by, event] = 'type' in one ? [null, one] : one;
    const actor = by ? ({ kind: 'person', ...named(by) } as const) : ({ kind: 'bot' } as const);
    return { id: `entry-${index}`, run, actor, happenedAt: minutesIn(index), event };
  });
}

/** Alex asks for a run. */
export const requested: readonly [Person, EventOf<'run.requested'>] = [
  alex,
  {
    type: 'run.requested',
    runbook: 'restore-database',
    title: 'Restore a database',
    parameters: { app: 'shop' },
    words: '@dr restore db to 10:00',
  },
];

/** The plan is there. */
export const compiled = (plan: Plan, round = 1): EventOf<'plan.compiled'> => ({
  type: 'plan.compiled',
  round,
  hash: planHash(plan),
  plan,
});

/** A gate asks. */
export const opened = (
  plan: Plan,
  stage: string,
  policy: GatePolicy = oneApprover,
  round = 1,
): EventOf<'gate.opened'> => ({
  type: 'gate.opened',
  stage,
  round,
  planHash: planHash(plan),
  policy,
  expiresAt: minutesIn(policy.expiresAfterMinutes).toISOString(),
});

/** Somebody answers. */
export const vote = (
  by: Person,
  plan: Plan,
  stage: string,
  choice = 'approve',
  round = 1,
): readonly [Person, EventOf<'vote.cast'>] => [
  by,
  { type: 'vote.cast', stage, round, choice, reason: 'ok', planHash: planHash(plan), roles: by.roles },
];

/** The state after these events. @throws when they make no run. */
export function stateAfter(...events: readonly Said[]): RunState {
  const state = runState(run, entries(...events));
  if (!state) throw new Error('These events make no run.');
  return state;
}

/** A run carried out in memory: what `decide` asks for is turned into events by answers that the test chooses. */
export interface Play {
  readonly state: () => RunState;
  readonly next: () => Next;
  /** What is to be done now, in short: `perform restore`, `open gate begin`, `append run.finished`. */
  readonly todo: () => readonly string[];
  readonly add: (...events: readonly Said[]) => Play;
  /** Carries out everything that needs no answer until something does: compiles, opens gates, appends, pauses. */
  readonly goOn: () => Play;
  readonly drafts: () => readonly Draft[];
  readonly has: (type: EventType) => boolean;
  readonly wait: (minutes: number) => Play;
}

/** Plays a run of these plans: the first is compiled first, after a drift the next one. */
export function play(
  plans: readonly Plan[],
  policies: { readonly [stage: string]: GatePolicy } = {},
  began?: { readonly [policy: string]: GatePolicy },
): Play {
  const drafts: Draft[] = [];
  let minute = 0;
  const now = () => minutesIn(minute);
  const addOne = (one: Said) => {
    const [draft] = entries(one);
    if (draft) drafts.push({ ...draft, id: `entry-${drafts.length}`, happenedAt: now() });
    minute += 1;
  };
  const state = (): RunState => {
    const computed = runState(run, drafts);
    if (!computed) throw new Error('Nothing was requested.');
    return computed;
  };
  const settle = (action: Action): boolean => {
    const event = eventFor(action, state(), plans, policies, now());
    if (event) addOne(event);
    return event !== null;
  };
  const self: Play = {
    state,
    next: () => decide(state(), now()),
    todo: () => self.next().actions.map(brief),
    add: (...events) => {
      events.forEach(addOne);
      return self;
    },
    goOn: () => {
      // As the conductor does: after anything was written down, look again before the next action.
      while (self.next().actions.some(settle)) if (drafts.length > 500) throw new Error('It never ends.');
      return self;
    },
    drafts: () => drafts,
    has: (type) => drafts.some((draft) => draft.event.type === type),
    wait: (minutes) => {
      minute += minutes;
      return self;
    },
  };
  return self.add(began ? [requested[0], { ...requested[1], policies: began }] : requested);
}

const brief = (action: Action): string => {
  if (action.do === 'append') return `append ${action.event.type}`;
  return action.do === 'compile' ? 'compile' : `${action.do} ${action.stage}`;
};

function eventFor(
  action: Action,
  state: RunState,
  plans: readonly Plan[],
  policies: { readonly [stage: string]: GatePolicy },
  now: Date,
): Event | null {
  switch (action.do) {
    case 'append':
      return action.event;
    case 'compile': {
      const plan = plans[action.round - 1];
      return plan
        ? compiled(plan, action.round)
        : { type: 'plan.refused', round: action.round, problem: refusedByAzure };
    }
    case 'open gate': {
      const policy = policies[action.stage] ?? oneApprover;
      const expiresAt = new Date(now.getTime() + policy.expiresAfterMinutes * 60_000).toISOString();
      const { stage, round } = action;
      return { type: 'gate.opened', stage, round, planHash: state.planHash ?? '', policy, expiresAt };
    }
    case 'pause': {
      const { stage, attempt, because } = action;
      return { type: 'run.paused', pause: state.pauses + 1, stage, attempt, because, truth: [] };
    }
    case 'perform':
    case 'check':
      return null;
  }
}
