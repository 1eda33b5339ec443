import { awaitedValues } from '../../engine/awaited-value';
import type { IncidentView, Progress } from '../../engine/engine';
import { undoStages } from '../../engine/undo';
import type { RunState } from '../../incidents/run-state';
import { stageState } from '../../incidents/run-state';
import { clocks } from '../../words/clocks';
import { type Forecast, forecast } from '../../words/forecast';
import { leftovers } from '../../words/leftovers';
import { owedReviews } from '../../words/owed-reviews';
import { pauseOffers } from '../../words/pause-offers';
import { placeWords, severityOf } from '../../words/place';
import { cut, type Limits, plain } from '../../words/plain';
import { sayDuration, sayUtc } from '../../words/say';
import { situation, stageTitle } from '../../words/situation';
import { type Steps, stageRows } from '../../words/stage-rows';
import type { Sign } from '../action';
import { type Button, button } from './button';
import { type Card, type CardData, fitting, renderCard } from './render-card';

/** Which decisions about a run the card offers; who may really take one is asked again when it is pressed. */
export interface Decisions {
  readonly retry: boolean;
  readonly skip: boolean;
  readonly undo: boolean;
  readonly stop: boolean;
  readonly abort: boolean;
}

/** When the headline is drawn, and what it offers. */
export interface HeadlineOptions {
  readonly now: Date;
  readonly sign: Sign;
  readonly mayDecide: Decisions;
}

/**
 * The one living card of a run: where it stands, who holds it, what comes next; and while it is paused first of
 * all what is true, what went wrong, and what can be decided.
 */
export function drawHeadline(
  view: IncidentView,
  run: RunState,
  progress: readonly Progress[],
  { now, sign, mayDecide }: HeadlineOptions,
): Card {
  const own = progress.filter((one) => one.run === run.run);
  const stands = situation(run, own);
  const choices = decisionsFor(run, mayDecide, sign);
  const abort = abortFor(run, mayDecide, sign);
  const enter = enterFor(run, sign);
  return fitting((limits) => {
    const { rows, more, bar, ...steps } = stageRows(run, own, limits);
    return renderCard('headline', {
      ...stands,
      line: cut(stands.line, limits.text),
      holder: cut(stands.holder, limits.text),
      next: cut(stands.next, limits.text),
      title: cut(`${run.title} · ${view.app}`, limits.text),
      place: cut(placeWords(view, severityOf(view), run), 160),
      ...problemData(run, limits),
      ...decisionData(run, choices, limits),
      outcome: [...outcomeLines(run), ...owedReviews(run)].map((line) => cut(line, limits.text)),
      ...clockData(view, run, own, now),
      stages: rows,
      more,
      bar: run.finished ? '' : bar,
      stepWords: stepWords(run, steps),
      abort,
      enter: enter.map((one) => one.pressed),
      enterWords: enter.map((one) => cut(one.words, limits.text)),
      fallback: plain(`${stands.line} · ${run.title} · ${view.app}`, 300),
      footer: [
        `As of ${sayUtc(run.finished?.at ?? now).slice(11, 16)}Z`,
        '@dr timeline shows every entry',
        ...(view.simulated ? ['Simulated Azure: no real system is changed'] : []),
      ].join(' · '),
    });
  });
}

const stepWords = (
  run: RunState,
  { at, of, behind, atOnce }: Omit<Steps, 'rows' | 'more' | 'bar'>,
): string => {
  if (run.finished) return 'Steps';
  // Of several that run at once none is *the* step.
  if (atOnce > 1 && !run.undo) return `${behind} of ${of} done, ${atOnce} side by side`;
  return `${run.undo ? 'Taking back, step' : 'Step'} ${at} of ${of}`;
};

function problemData(run: RunState, limits: Limits): CardData {
  const problem = run.refusal ?? (run.pause ? stageState(run, run.pause.stage).problem : null);
  const where = run.pause && !run.refusal ? `${stageTitle(run, run.pause.stage)}: ` : '';
  const aborted = run.pause?.because === 'abort' && !run.refusal;
  const asked = run.abort ? `: “${run.abort.reason}”` : '';
  return {
    truth: (run.pause?.truth ?? []).slice(0, limits.rows).map((line) => cut(line, limits.text)),
    problem: aborted
      ? cut(`The run was stopped on request${asked}`, limits.text)
      : problem
        ? cut(`✗  ${where}${problem.what}`, limits.text)
        : '',
    code:
      problem && !aborted
        ? cut(`${problem.code}${problem.status ? ` (HTTP ${problem.status})` : ''}`, 80)
        : '',
    detail: problem && !aborted ? cut(problem.detail, limits.text) : '',
  };
}

/** What a person can decide about a paused run, each with what it would do. */
interface Offer {
  readonly pressed: Button;
  readonly words: string;
  readonly needsReason: boolean;
}

const decisionsFor = (run: RunState, may: Decisions, sign: Sign): readonly Offer[] =>
  pauseOffers(run)
    .filter(({ choice }) => may[choice])
    .map(({ choice, title, words, needsReason }) => ({
      pressed: button(sign, { verb: 'decide', run: run.run, pause: run.pause?.number ?? 0, choice }, title, {
        style: choice === 'retry' ? 'positive' : 'destructive',
        inputs: needsReason ? 'auto' : 'none',
      }),
      ...{ words, needsReason },
    }));

const decisionData = (run: RunState, offers: readonly Offer[], limits: Limits): CardData => ({
  ask: run.pause?.because === 'abort' ? 'Decide how to go on' : 'Decide what to do',
  decisions: offers.map((offer) => offer.pressed),
  meanings: offers.map((offer) => ({ label: offer.pressed.title, words: cut(offer.words, limits.text) })),
  needsReason: offers.some((offer) => offer.needsReason),
});

/** A button for each value that the run waits for. Whoever presses it gets a link of their own. */
function enterFor(
  run: RunState,
  sign: Sign,
): readonly { readonly pressed: Button; readonly words: string }[] {
  return awaitedValues(run).map(({ stage, change }) => ({
    pressed: button(sign, { verb: 'enter', run: run.run, stage }, 'Enter the value', {
      ...{ style: 'positive', inputs: 'none' },
    }),
    words: `The run waits for a new value of ${change.secret}. Press the button: the link to the page comes to your own chat with me. Never write the value into Teams.`,
  }));
}

function abortFor(run: RunState, may: Decisions, sign: Sign): readonly Button[] {
  if (!may.abort || run.finished || run.pause || run.undo || run.abort || run.recoveredAt) return [];
  const title = abortWords(run);
  return [button(sign, { verb: 'abort', run: run.run }, title, { style: 'destructive', inputs: 'none' })];
}

function abortWords(run: RunState): string {
  const awaited = awaitedValues(run).map(({ stage }) => stage);
  const running = Object.entries(run.stages).some(
    ([name, stage]) => stage.status === 'running' && !awaited.includes(name),
  );
  const when = running ? ' after this step' : '';
  return undoStages(run).length > 0 ? `Abort: stop${when || ' here'}, then ask` : `Abort: end the run${when}`;
}

/** What a person must know once it is over. */
function outcomeLines(run: RunState): readonly string[] {
  if (!run.finished) return [];
  return [
    ...(run.finished.words === run.refusal?.what ? [] : [run.finished.words]),
    ...leftovers(run).map(({ database, origin }) => `The ${origin} is kept as ${database}.`),
  ];
}

function clockData(view: IncidentView, run: RunState, progress: readonly Progress[], now: Date): CardData {
  const { total, people, azure, running } = clocks(view.entries, run, now);
  const expected =
    run.plan && !run.undo && (run.recoveredAt || !run.finished)
      ? forecast(run, run.plan, progress, total, now)
      : null;
  return {
    totalTitle: running ? 'Since the request' : run.recoveredAt && !run.undo ? 'Recovered in' : 'In all',
    total: sayDuration(total),
    people: sayDuration(people),
    azure: sayDuration(azure),
    forecast: expected?.words ?? '',
    ...verdictLook[expected?.verdict ?? 'unknown'],
  };
}

const verdictLook: {
  readonly [verdict in Forecast['verdict']]: {
    readonly forecastSymbol: string;
    readonly forecastColor: string;
  };
} = {
  within: { forecastSymbol: '✓', forecastColor: 'good' },
  'at risk': { forecastSymbol: '⚠', forecastColor: 'warning' },
  missed: { forecastSymbol: '✗', forecastColor: 'attention' },
  unknown: { forecastSymbol: '?', forecastColor: 'default' },
};
