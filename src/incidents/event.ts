import type { GatePolicy, Guard } from './gate-policy';
import type { Named } from './human';
import type { JsonObject } from './json';
import type { Drift, NextRunbook, OperationData, Plan } from './plan';

export type { GatePolicy, Guard, RoleQuorum } from './gate-policy';

/** Who did something: a person in chat, a person at a terminal, or the bot itself. */
export type Actor =
  | ({
      readonly kind: 'person';
      /** Absent for what was said in Teams; an entry's seal covers it, so it cannot be taken away later. */
      readonly via?: 'terminal';
    } & Named)
  | { readonly kind: 'bot' };

/** How bad an incident is; `sev1` is worst. */
export type Severity = 'sev1' | 'sev2' | 'sev3' | 'sev4';

/** A role that somebody has lent to somebody else for a while. */
export interface Delegated {
  readonly role: string;
  readonly to: Named;
  /** UTC; from then on the role is its holder's again. */
  readonly until: string;
}

/** On whose behalf somebody answers, with the role that was lent to them. */
export interface OnBehalf extends Named {
  readonly role: string;
}

/** What went wrong, for a person under stress: what it was, what Azure said, and what can be done now. */
export interface Problem {
  readonly what: string;
  /** Azure's code, or ours: `InvalidPointInTime`, `AppUnhealthy`, … */
  readonly code: string;
  /** The HTTP status, where there was one. */
  readonly status: number | null;
  readonly detail: string;
}

/** One thing that a check compared. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly ok: boolean;
}

/** How a run ended. */
export type Outcome = 'completed' | 'rejected' | 'expired' | 'aborted' | 'undone' | 'refused';

/** A choice about a paused run that a person makes. */
export type Decision =
  | { readonly choice: 'retry' }
  | { readonly choice: 'skip'; readonly reason: string }
  | { readonly choice: 'undo' }
  | { readonly choice: 'stop'; readonly reason: string };

/** Everything that can happen in an incident. What *is* gets computed from these; none is ever changed. */
export type Event =
  | {
      readonly type: 'incident.opened';
      readonly title: string;
      readonly severity: Severity;
      readonly app: string;
      readonly conversation: string;
      /** Whether Azure is the simulator; said on every card and report, since its times are not Azure's. */
      readonly simulated: boolean;
    }
  | {
      readonly type: 'run.requested';
      readonly runbook: string;
      readonly title: string;
      readonly parameters: JsonObject;
      /** What the person typed or pressed. */
      readonly words: string;
      /** The gate policies that hold in its incident: others hold for this run only once these have approved them. */
      readonly policies?: { readonly [policy: string]: GatePolicy };
      /** The guards that its incident began with: they hold in it, also where the estate file drops them meanwhile. */
      readonly guards?: readonly Guard[];
    }
  | { readonly type: 'plan.compiled'; readonly round: number; readonly hash: string; readonly plan: Plan }
  | {
      readonly type: 'plan.refused';
      readonly round: number;
      readonly problem: Problem;
      /** What would work instead, each as a button. */
      readonly instead?: readonly NextRunbook[];
    }
  | {
      readonly type: 'gate.opened';
      readonly stage: string;
      readonly round: number;
      readonly planHash: string;
      readonly policy: GatePolicy;
      readonly expiresAt: string;
    }
  | {
      readonly type: 'vote.cast';
      readonly stage: string;
      readonly round: number;
      readonly choice: string;
      readonly reason: string;
      readonly planHash: string;
      /** The voter's roles at that moment, those that were lent to them among them. */
      readonly roles: readonly string[];
      /** Whose roles those are that were lent. */
      readonly onBehalfOf?: readonly OnBehalf[];
    }
  | {
      readonly type: 'vote.withdrawn';
      readonly stage: string;
      readonly round: number;
      readonly reason: string;
    }
  | {
      readonly type: 'gate.closed';
      readonly stage: string;
      readonly round: number;
      readonly choice: string;
      readonly because: 'quorum' | 'veto' | 'expired' | 'drift';
    }
  /** Nobody has answered in the time that the policy sets: a second group is asked as well. */
  | {
      readonly type: 'gate.escalated';
      readonly stage: string;
      readonly round: number;
      readonly role: string;
    }
  /** Somebody who may went ahead alone; everybody is told, and somebody else must sign that they have reviewed it. */
  | {
      readonly type: 'gate.broken';
      readonly stage: string;
      readonly round: number;
      readonly planHash: string;
      readonly choice: string;
      readonly reason: string;
    }
  | {
      readonly type: 'review.signed';
      readonly stage: string;
      readonly round: number;
      readonly words: string;
    }
  | ({ readonly type: 'role.delegated'; readonly reason: string } & Delegated)
  | { readonly type: 'delegation.ended'; readonly role: string; readonly to: string }
  | {
      readonly type: 'plan.drifted';
      readonly round: number;
      readonly before: string;
      readonly changes: readonly Drift[];
    }
  | {
      readonly type: 'step.intended';
      readonly stage: string;
      readonly attempt: number;
      readonly operation: OperationData;
      /** Sent to Azure as `x-ms-client-request-id`, so that its activity log can be asked about it. */
      readonly requestId: string;
    }
  | {
      readonly type: 'step.done';
      readonly stage: string;
      readonly attempt: number;
      readonly facts: JsonObject;
      /** The effect was found in Azure already (after a crash), and was not asked for again. */
      readonly adopted: boolean;
    }
  /** It was meant and not sent: just before, Azure was seen to have drifted. Its next try has the same number. */
  | { readonly type: 'step.withdrawn'; readonly stage: string; readonly attempt: number }
  | {
      readonly type: 'step.failed';
      readonly stage: string;
      readonly attempt: number;
      readonly problem: Problem;
    }
  | { readonly type: 'check.begun'; readonly stage: string; readonly attempt: number }
  | {
      readonly type: 'check.passed';
      readonly stage: string;
      readonly attempt: number;
      readonly findings: readonly Finding[];
      readonly facts: JsonObject;
    }
  | {
      readonly type: 'check.failed';
      readonly stage: string;
      readonly attempt: number;
      readonly findings: readonly Finding[];
      readonly problem: Problem;
    }
  | {
      readonly type: 'run.paused';
      /** 1 for the run's first pause; a decision names the pause that it answers. */
      readonly pause: number;
      readonly stage: string;
      readonly attempt: number;
      /** `failed`: the stage did not work. `abort`: somebody asked to stop after something had been changed. */
      readonly because: 'failed' | 'abort';
      /** What is true in Azure right now, in sentences. */
      readonly truth: readonly string[];
    }
  | {
      readonly type: 'run.decided';
      readonly pause: number;
      readonly stage: string;
      readonly decision: Decision;
    }
  /** Somebody was given a link to the page where the value that a step waits for is entered. */
  | { readonly type: 'value.link-given'; readonly stage: string; readonly secret: string }
  /** The page behind the link of this person was opened, for the first time. */
  | { readonly type: 'value.page-opened'; readonly stage: string; readonly secret: string }
  /** A value was entered there and is in the vault. What it is stands nowhere. */
  | { readonly type: 'value.entered'; readonly stage: string; readonly secret: string }
  | { readonly type: 'abort.asked'; readonly reason: string }
  | { readonly type: 'undo.begun'; readonly because: 'decision' | 'gate'; readonly steps: readonly string[] }
  | { readonly type: 'run.recovered'; readonly stage: string }
  | { readonly type: 'run.finished'; readonly outcome: Outcome; readonly words: string }
  | {
      readonly type: 'note.added';
      readonly text: string;
      /** Whose message it is, where somebody added what somebody else had said. */
      readonly of?: string;
    }
  /** Corrects an earlier entry, which stays as it is: what is right stands beside it from then on. */
  | {
      readonly type: 'entry.amended';
      /** The entry that it points at. */
      readonly seq: number;
      readonly text: string;
      /** Whose words they are, where somebody else chose the incident that they are for. */
      readonly of?: string;
    }
  | {
      readonly type: 'triage.made';
      /** What the triage came to, in a few words. */
      readonly verdict: string;
      /** The runbook that it recommended; null when it recommended none. */
      readonly runbook: string | null;
      readonly findings: readonly {
        readonly what: string;
        readonly mark: string;
        readonly words: string;
        readonly at: string;
      }[];
      /** What people said, with their names. */
      readonly answers: readonly {
        readonly question: string;
        readonly answer: string;
        readonly by: string;
      }[];
    }
  | { readonly type: 'timeline.read'; readonly format: 'card' | 'json' | 'markdown' | 'terminal' };

/** The word for an event in the store. */
export type EventType = Event['type'];

/** One event of a given type. */
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

/** An event on its way into the timeline. Its id is chosen by the writer so that writing it twice is once. */
export interface Draft {
  readonly id: string;
  readonly run: string | null;
  readonly actor: Actor;
  readonly happenedAt: Date;
  readonly event: Event;
}

/** A line of the append-only record: two times, an actor, an event, and the seal over all before it. */
export interface Entry extends Draft {
  readonly incident: string;
  /** 1, 2, 3 … within the incident, without a hole. */
  readonly seq: number;
  readonly recordedAt: Date;
  /** SHA-256 over the entry and the hash of the one before it. */
  readonly hash: string;
}
