import { gateOf, mayBreakGlass, type Person, voteRefusal } from '../../engine/approval';
import type { IncidentView } from '../../engine/engine';
import { isSame } from '../../incidents/human';
import type { GateStage, Plan, Stage } from '../../incidents/plan';
import type { GateState, RunState } from '../../incidents/run-state';
import { actorName } from '../../words/actor-name';
import { expectedMinutes, findingsFor, isFirstGate, stagesUpToNextGate } from '../../words/around-gate';
import { clocks } from '../../words/clocks';
import {
  answersData,
  driftData,
  endingOf,
  expiryWords,
  stepsData,
  untilWords,
  votesData,
  warningsData,
} from '../../words/gate-parts';
import { cut, firstOf, type Limits, plain } from '../../words/plain';
import { sayAt, sayClockUtc, sayDuration, sayMinutes, sayUtc } from '../../words/say';
import { missingWords } from '../../words/situation';
import type { Sign } from '../action';
import { type Button, button } from './button';
import { type Card, type CardData, fitting, renderCard } from './render-card';

/** Who looks at a gate's card, when, and what they may do. */
export interface GateOptions {
  readonly now: Date;
  readonly zone?: string | undefined;
  readonly sign: Sign;
  /** Whether the viewer may give an answer that needs the quorum. */
  readonly mayVote: boolean;
  /** Why not, in words for the viewer. */
  readonly refusal: string | null;
  /** The surface that `refresh` asks for again; without one the card is never refreshed. */
  readonly card?: string | undefined;
  /** Teams ids (`29:…`) of the people who get a view of their own; Teams takes at most 60. */
  readonly userIds?: readonly string[] | undefined;
}

const mostViews = 60;

/**
 * A gate's card: the plan and its approval at the first gate, what the checks found and what follows at later
 * ones. With no viewer it is the card that everybody sees, without buttons to answer.
 * @throws when the run has no such gate: a bug, not an event.
 */
export function drawGate(
  view: IncidentView,
  run: RunState,
  stage: string,
  viewer: Person | null,
  options: GateOptions,
): Card {
  const { plan } = run;
  const gate = run.gates[stage];
  if (!plan || !gate) throw new Error(`Run ${run.run} has no gate "${stage}" to draw.`);
  const asked = gateOf(plan, stage);
  const ending = endingOf(run, asked, gate);
  const open = ending === null && options.now < gate.expiresAt;
  const buttons = open && viewer ? buttonsFor(run, asked, gate, viewer, options) : [];
  const scene: Scene = { view, run, plan, asked, gate, open, now: options.now };
  const card = options.card ?? '';
  const userIds = (options.userIds ?? []).slice(0, mostViews);
  const state = ending?.state ?? (open ? 'A decision is needed' : 'The time to answer is over');
  return fitting((limits) =>
    renderCard('gate', {
      ...planData(scene, limits),
      ...viewerData(scene, viewer, buttons, options, limits),
      card,
      userIds,
      hasRefresh: open && card !== '' && userIds.length > 0,
      hasView: open && viewer === null && card !== '',
      open,
      state: cut(state, 80),
      symbol: ending?.symbol ?? '◆',
      tone: ending?.tone ?? 'warning',
      question: cut(asked.question, 2 * limits.text),
      about: [
        cut(`${plan.title} · ${view.app}`, limits.text),
        ...(ending?.about ?? [askedWords(run)]).map((line) => cut(line, limits.text)),
      ],
      fallback: plain(`${state}: ${asked.question} Open this in a newer Teams to answer.`, 300),
      footer: [
        `Plan ${gate.planHash.slice(0, 8)}, version ${gate.round}`,
        `incident ${cut(view.incident, 40)}`,
        ...(view.simulated ? ['Simulated Azure: no real system is changed'] : []),
      ].join(' · '),
    }),
  );
}

function askedWords(run: RunState): string {
  const reason = run.parameters['reason'];
  const why = typeof reason === 'string' && reason.trim() !== '' ? `: “${reason}”` : '';
  return `Asked by ${actorName(run.requester)} · ${sayUtc(run.requestedAt)}${why}`;
}

/** What is being asked, and where it stands. */
interface Scene {
  readonly view: IncidentView;
  readonly run: RunState;
  readonly plan: Plan;
  readonly asked: GateStage;
  readonly gate: GateState;
  readonly open: boolean;
  readonly now: Date;
}

function planData(scene: Scene, limits: Limits): CardData {
  const { run, plan, asked, gate, open } = scene;
  const first = isFirstGate(plan, asked.name);
  const stages = first
    ? plan.stages.filter((stage) => stage.name !== asked.name)
    : stagesUpToNextGate(plan, asked.name);
  const warnings = warningsData(plan, stages, run.recoveredAt === null, limits);
  const changes = stages.filter((stage) => stage.kind === 'step');
  const nothingFinal = changes.length > 0 && !changes.some((step) => 'irreversible' in step.back);
  return {
    ...driftData(run, gate, limits),
    ...tilesData(scene, first ? null : stages, limits),
    ...findingsData(run, plan, asked.name, limits),
    ...(open ? stepsData(stages, limits) : { steps: [], stepsMore: '' }),
    ...votesData(asked, gate, limits),
    stepsTitle: first ? 'What will be done' : 'What comes next',
    warnings,
    back: open && nothingFinal ? '↶  Nothing here is final: each change can be taken back afterwards.' : '',
    answersTitle: open ? 'Who decides' : gate.votes.length > 0 ? 'Answers' : 'Nobody answered',
    answers: open ? answersData(asked, gate, stages.length === 0) : [],
    missing: open ? cut(missingWords(run, gate), 120) : '',
    expiry: expiryWords(asked, gate),
    untilUtc: sayUtc(gate.expiresAt),
  };
}

/** The two figures that matter most: what it costs and how long it takes; after the recovery, what it did. */
function tilesData(
  { view, run, plan, now }: Scene,
  comesNext: readonly Stage[] | null,
  limits: Limits,
): CardData {
  const loss = {
    first: run.recoveredAt ? 'Data lost' : 'Data that will be lost',
    firstValue: sayMinutes(plan.loss.minutes),
    firstWords: cut(plan.loss.words, limits.text),
  };
  if (run.recoveredAt)
    return {
      ...loss,
      second: 'Recovered in',
      secondValue: sayDuration(clocks(view.entries, run, now).total),
      secondWords: 'The app is green.',
    };
  return {
    ...loss,
    second: comesNext ? 'What comes next takes' : 'Until it is done',
    secondValue: sayMinutes(comesNext ? expectedMinutes(comesNext) : plan.duration.minutes),
    secondWords: comesNext ? 'plus the time people take' : cut(plan.duration.words, limits.text),
  };
}

function findingsData(run: RunState, plan: Plan, stage: string, limits: Limits): CardData {
  const { shown, more } = firstOf(findingsFor(run, plan, stage), limits.rows);
  const rows = shown.map(({ what, expected, found, ok }) => ({
    what: cut(what, limits.text),
    expected: breakable(cut(expected, limits.text)),
    sign: ok ? '✓ ' : '✗ not as expected: ',
    found: breakable(cut(found, limits.text)),
    color: ok ? 'good' : 'attention',
    weight: 'default',
  }));
  const head = {
    ...{ what: 'Checked', expected: 'Expected', sign: '', found: 'Found' },
    ...{ color: 'default', weight: 'bolder' },
  };
  return { findings: rows.length > 0 ? [head, ...rows] : [], findingsMore: more };
}

/** A long name runs out of its column where the client knows no place to break it. */
const breakable = (text: string): string =>
  text.replace(/(?<=[A-Za-z0-9])([_/-])(?=[A-Za-z0-9])/g, '$1\u200b');

function buttonsFor(
  run: RunState,
  asked: GateStage,
  gate: GateState,
  viewer: Person,
  { now, sign, mayVote }: GateOptions,
): readonly Button[] {
  const { stage, round, planHash } = gate;
  const mine = gate.votes.find((vote) => isSame(vote.by, viewer));
  const answers = asked.options
    .filter(({ choice, needsQuorum }) => {
      if (choice === mine?.choice || (needsQuorum && !mayVote)) return false;
      return voteRefusal(run, stage, choice, viewer, now) === null;
    })
    .map(({ choice, label, leads }) => {
      const vote = { verb: 'vote', run: run.run, stage, round, planHash, choice } as const;
      if (leads === 'go-on') return button(sign, vote, label, { style: 'positive' });
      const what = leads === 'undo' ? 'undo what was done' : 'stop the run';
      return button(sign, vote, `${label}: ${what}`, { style: 'destructive' });
    });
  const alone = mayBreakGlass(gate, viewer)
    ? [
        button(
          sign,
          { verb: 'break-glass', run: run.run, stage, round, planHash },
          'Break glass: go ahead alone, with your reason',
          { style: 'destructive' },
        ),
      ]
    : [];
  if (!mine) return [...answers, ...alone];
  return [
    ...answers,
    ...alone,
    button(sign, { verb: 'withdraw', run: run.run, stage, round }, 'Withdraw my answer'),
  ];
}

/** What only this viewer sees. */
function viewerData(
  { gate, asked, open }: Scene,
  viewer: Person | null,
  buttons: readonly Button[],
  { now, zone, refusal, card }: GateOptions,
  limits: Limits,
): CardData {
  const mine = viewer ? gate.votes.find((vote) => isSame(vote.by, viewer)) : undefined;
  const label = asked.options.find((option) => option.choice === mine?.choice)?.label ?? mine?.choice ?? '';
  const here = card === undefined ? '' : ' here, or';
  return {
    buttons,
    mine: viewer && mine ? cut(`${label} · ${sayClockUtc(mine.at)}`, 80) : '',
    refusal: viewer && open && !mine ? cut(refusal ?? '', limits.text) : '',
    hint: viewer === null && open ? `Those who may decide answer${here} in their own chat with the bot.` : '',
    until: viewer ? sayAt(gate.expiresAt, { now, zone }) : untilWords(gate),
    sayLocal: viewer === null || zone === undefined,
  };
}
