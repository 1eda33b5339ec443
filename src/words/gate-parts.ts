import { listedRoles } from '../engine/approval';
import type { JsonObject } from '../incidents/json';
import type { GateOption, GateStage, Plan, Stage } from '../incidents/plan';
import { reviewOf } from '../incidents/review';
import type { GateState, RunState, Vote } from '../incidents/run-state';
import { sideBySide } from '../incidents/side-by-side';
import { actorName } from './actor-name';
import { aloneName } from './owed-reviews';
import { cut, firstOf, type Limits } from './plain';
import { sayClockUtc, sayCount, sayDuration, sayJson, sayList, sayMinutes, sayUtc } from './say';
import { isBehind, outcomeWords, type Tone } from './situation';

/** How a gate came to its end, for the top of its card; null while it can be answered. */
export interface Ending {
  readonly state: string;
  readonly symbol: string;
  readonly tone: Tone;
  readonly about: readonly string[];
}

/** The end of a gate: answered, expired, made void by a drift, or overtaken by the end of the run. */
export function endingOf(run: RunState, stage: GateStage, gate: GateState): Ending | null {
  const isOpenYet = stage.covers.some((name) => !isBehind(run, name)) && !run.finished;
  if (isOpenYet && (run.driftOpen || gate.round < run.round))
    return {
      ...{ state: 'No longer valid', symbol: '⚠', tone: 'warning' },
      about: ['Azure has changed, so these answers do not count. A new plan is being made.'],
    };
  const { closed } = gate;
  if (!closed) {
    if (!run.finished) return null;
    const { outcome, words, at } = run.finished;
    return {
      ...{ state: `Closed: ${outcomeWords[outcome]}`, symbol: '■', tone: 'emphasis' },
      about: [words, sayUtc(at)],
    };
  }
  const option = stage.options.find((one) => one.choice === closed.choice);
  const who = gate.votes.filter((vote) => vote.choice === closed.choice).map((vote) => actorName(vote.by));
  const label = option?.label ?? closed.choice;
  if (closed.because === 'drift')
    return {
      ...{ state: 'No longer valid', symbol: '⚠', tone: 'warning' },
      about: ['Azure has changed, so these answers do not count.', sayUtc(closed.at)],
    };
  if (closed.because === 'expired')
    return {
      ...{ state: 'Expired', symbol: '◷', tone: 'warning' },
      about: [`Nobody answered in time, so it counts as: ${label}.`, sayUtc(closed.at)],
    };
  const review = reviewOf(run.reviews, gate);
  if (review)
    return {
      ...{ state: `Break-glass: ${label}`, symbol: '⚠', tone: 'attention' },
      about: [
        `${aloneName(run, review)} went ahead alone: “${review.reason}” · ${sayUtc(closed.at)}`,
        review.signed
          ? `Reviewed by ${actorName(review.signed.by)} · ${sayUtc(review.signed.at)}`
          : 'Somebody else must review this: "@dr sign review".',
      ],
    };
  const goesOn = option?.leads === 'go-on';
  return {
    ...{ state: `Answered: ${label}`, symbol: goesOn ? '✓' : '✗', tone: goesOn ? 'good' : 'attention' },
    about: [`By ${sayList(who)} · ${sayUtc(closed.at)}`],
  };
}

/** The stages of a plan as the approver reads them: what, how long, the exact operation, the way back. */
export function stepsData(stages: readonly Stage[], limits: Limits): JsonObject {
  const { shown, more } = firstOf(stages, limits.rows);
  const counted = stages.filter((stage) => stage.kind !== 'gate');
  return {
    steps: shown.map((stage) => ({
      number: stage.kind === 'gate' ? '◆' : `${counted.indexOf(stage) + 1}.`,
      title: cut(stage.title, limits.text),
      time: stage.kind === 'gate' ? ' · people decide' : `${timeWords(stage)}${besideWords(stage, counted)}`,
      mark: stage.kind === 'step' && 'irreversible' in stage.back ? ' · ⚠ cannot be undone' : '',
      operation: stage.kind === 'step' ? cut(stage.operation, limits.text) : '',
      way: cut(wayWords(stage), limits.text),
    })),
    stepsMore: more,
  };
}

const timeWords = (stage: Stage): string =>
  stage.expectedMinutes === null ? ' · time unknown' : ` · ${sayMinutes(stage.expectedMinutes)}`;

/** From so many minutes on it matters to a reader that two stages run at the same time. */
const LONG_MINUTES = 5;

/** ` · beside 7`: the longest of those that run at the same time, where both take their time. */
function besideWords(stage: Stage, counted: readonly Stage[]): string {
  if ((stage.expectedMinutes ?? 0) < LONG_MINUTES) return '';
  const [longest] = sideBySide(counted, stage.name)
    .filter((other) => (other.expectedMinutes ?? 0) >= LONG_MINUTES)
    .sort((a, b) => Number(b.expectedMinutes) - Number(a.expectedMinutes));
  return longest ? ` · beside ${counted.indexOf(longest) + 1}` : '';
}

function wayWords(stage: Stage): string {
  if (stage.kind === 'gate') return '';
  if (stage.kind === 'check') return 'Reads only, changes nothing.';
  if ('irreversible' in stage.back)
    return `Changes ${stage.target}. ⚠ Cannot be undone: ${stage.back.irreversible}`;
  return stage.back.undo.length > 0
    ? `Changes ${stage.target}. Can be taken back.`
    : `Changes ${stage.target}. There is nothing to take back.`;
}

/** What must be known before a yes: irreversible steps with the reason, then the plan's own notices. */
export function warningsData(
  plan: Plan,
  stages: readonly Stage[],
  notices: boolean,
  limits: Limits,
): readonly JsonObject[] {
  const irreversible = stages.flatMap((stage) =>
    stage.kind === 'step' && 'irreversible' in stage.back
      ? [
          {
            label: `Cannot be undone: ${cut(stage.title, limits.text)}. `,
            words: cut(stage.back.irreversible, limits.text),
          },
        ]
      : [],
  );
  const all = [
    ...irreversible,
    ...(notices ? plan.notices.map((notice) => ({ label: '', words: cut(notice, limits.text) })) : []),
  ];
  return all.slice(0, limits.rows);
}

/** What each answer does, and whose voice it takes. */
export const answersData = (
  stage: GateStage,
  gate: GateState,
  nothingFollows: boolean,
): readonly JsonObject[] =>
  stage.options.map((option) => ({
    label: cut(option.label, 60),
    words: `${nothingFollows && option.leads === 'go-on' ? 'everything stays as it is now' : leadWords[option.leads]}; ${voiceWords(option, gate)}.`,
  }));

const leadWords: { readonly [leads in GateOption['leads']]: string } = {
  'go-on': 'goes on with what is listed here',
  stop: 'ends the run, nothing more is changed',
  undo: 'takes back what was done',
};

const voiceWords = (option: GateOption, gate: GateState): string =>
  option.needsQuorum
    ? `takes ${sayList(gate.policy.needs.map((need) => sayCount(need.count, need.role)))}, not the one who asked`
    : `one ${sayList([...new Set([...listedRoles(gate.policy), 'responder'])], 'or')} is enough`;

/** What happens when nobody answers, as the policy states it. */
export function expiryWords(stage: GateStage, gate: GateState): string {
  const option = stage.options.find((one) => one.leads === gate.policy.onExpiry);
  return gate.policy.onExpiry === 'stop'
    ? 'After that it counts as no: the run ends, and nothing more is changed.'
    : `After that it counts as “${cut(option?.label ?? 'yes', 40)}”.`;
}

/** How long a gate is open, said so that it stays true however late it is read. */
export const untilWords = (gate: GateState): string =>
  `${sayUtc(gate.expiresAt)} (${sayDuration(gate.expiresAt.getTime() - gate.openedAt.getTime())} after it was asked)`;

/** The answers so far. */
export function votesData(stage: GateStage, gate: GateState, limits: Limits): JsonObject {
  const { shown, more } = firstOf(gate.votes, limits.rows);
  return {
    votes: shown.map((vote) => {
      const option = stage.options.find((one) => one.choice === vote.choice);
      return {
        symbol: option?.leads === 'go-on' ? '✓' : option?.leads === 'undo' ? '↶' : '✗',
        answer: cut(option?.label ?? vote.choice, 40),
        who: cut(voterWords(vote), 80),
        when: ` · ${sayClockUtc(vote.at)}`,
        reason: vote.reason.trim() === '' ? '' : ` “${cut(vote.reason, limits.text)}”`,
      };
    }),
    votesMore: more,
  };
}

const voterWords = (vote: Vote): string =>
  [
    vote.roles.length > 0 ? `${actorName(vote.by)} (${vote.roles.join(', ')})` : actorName(vote.by),
    ...vote.onBehalfOf.map(({ role, name }) => `as ${role} for ${name}`),
  ].join(', ');

/** What changed in Azure between the plan before and this one. */
export function driftData(run: RunState, gate: GateState, limits: Limits): JsonObject {
  const changes = run.drift && gate.round > 1 && gate.round === run.round ? run.drift.changes : [];
  const { shown, more } = firstOf(changes, limits.rows);
  return {
    drift: shown.map(({ field, was, is }) => ({
      field: cut(field, 60),
      was: cut(sayJson(was), limits.text),
      is: cut(sayJson(is), limits.text),
    })),
    driftMore: more,
  };
}
