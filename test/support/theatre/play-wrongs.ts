import type { Outcome } from '../../../src/incidents/event';
import type { Scenario } from '../../scenarios/scenario';
import { changesMade, counted, isChange, patternOf, requestKey } from './changes';
import { isRecovered } from './complaints';
import type { Pair } from './points';
import type { Played, Theatre } from './theatre';
import { mayBeDoneAgain } from './wrongs';

/** One thing that went wrong in one play, and what was not as it should be then. */
export interface Result {
  readonly pair: Pair;
  /**
   * `done`: nobody was asked. `asked`: it paused with the truth, and went on when people had mended the cause.
   * `refused`: there was no plan, and nothing was changed. `not met`: the play went another way. `not ended`: it
   * stood, or could not begin.
   */
  readonly end: 'done' | 'asked' | 'refused' | 'not met' | 'not ended';
  readonly complaints: readonly string[];
}

/** How often an undisturbed play is begun anew in which a change got no answer in time: other plays are held against it. */
const TRIES = 3;

/** Plays a scenario undisturbed. @throws when it does not end well, or the machine is too busy to answer in time. */
export async function playCalm(theatre: Theatre, scenario: Scenario, tries = TRIES): Promise<Played> {
  const played = await theatre.play(scenario);
  const cut = played.journal.find((entry) => isChange(entry) && entry.status === null);
  if (cut && tries > 1) return playCalm(theatre, scenario, tries - 1);
  if (cut) throw new Error(`${requestKey(cut)} got no answer in time, ${TRIES} times: is the machine busy?`);
  const paused = played.pauses.map(({ pause, stages }) =>
    pause ? `${pause.stage}: ${stages[pause.stage]?.problem?.what ?? pause.because}` : '',
  );
  if (played.state.finished?.outcome !== wantedOutcome(scenario) || paused.length > 0)
    throw new Error(
      `Undisturbed it ended as ${played.state.finished?.outcome}: ${played.state.finished?.words} ${played.state.refusal?.what ?? ''} Paused at: ${paused.join('; ')}`,
    );
  await scenario.recovered(theatre.simulator);
  return played;
}

const wantedOutcome = ({ outcome = 'completed' }: Scenario): Outcome => outcome;

/** The changes that an undisturbed play asked for. */
export const changesOf = ({ journal }: Played): readonly string[] => [
  ...new Set(journal.filter(isChange).map(requestKey)),
];

/** Where the direction of a play says from when on something goes wrong. */
const directions = {
  'the beginning': 'before',
  'the first change': 'onFirstChange',
  'the undo': 'onUndo',
} as const;

/** Plays a scenario with one thing going wrong, people mending it when they are asked, and compares the end. */
export async function playWrong(
  theatre: Theatre,
  scenario: Scenario,
  calm: Played,
  pair: Pair,
): Promise<Result> {
  const [{ key, from }, wrong] = pair;
  const fault = { ...wrong.fault, method: key.slice(0, key.indexOf(' ')), path: patternOf(key) };
  const add = () => void theatre.simulator.addFault(fault);
  let played: Played;
  const denied = !wrong.passes && wrong.fault.status !== undefined;
  const isAbsent = wrong.fault.status === 404 && from === 'the beginning';
  const anew = isAbsent ? scenario.startsAnew?.find(({ reading }) => reading.test(key)) : undefined;
  try {
    played = await theatre.play(scenario, {
      [directions[from]]: add,
      lingerMs: wrong.fault.effectDelayMs ?? 0,
      ...(anew
        ? { onPause: () => ({ choice: 'stop', reason: 'the plan was built on what is not so' }) }
        : {}),
    });
  } catch (error) {
    return { pair, end: 'not ended', complaints: [error instanceof Error ? error.message : String(error)] };
  }
  const asked = wrong.passes ? played.pauses.map(({ pause }) => `asked people at ${pause?.stage}`) : [];
  if (played.state.refusal)
    return { pair, end: 'refused', complaints: [...asked, ...badlyRefused(played, wrong.passes)] };
  const stopped = anew !== undefined && played.pauses.length > 0;
  const complaints = [
    ...(played.state.finished?.outcome === (stopped ? 'aborted' : wantedOutcome(scenario))
      ? []
      : [`ended as ${played.state.finished?.outcome}: ${played.state.finished?.words}`]),
    ...asked,
    ...(anew ? elsewhereThan(anew.at, played) : []),
    ...played.pauses.flatMap(withoutTruth),
    ...doneTwice(calm, played, pair, scenario),
    ...(stopped || (denied && leftToPeople(played, scenario))
      ? []
      : await isRecovered(theatre, scenario, denied)),
  ];
  // Whether Azure works on after its answer is only known when it does: what is over at once cannot fail later.
  if (!played.met)
    return { pair, end: 'not met', complaints: 'lro' in wrong.fault ? [] : ['it was not met'] };
  return { pair, end: played.pauses.length > 0 ? 'asked' : 'done', complaints };
}

/** A refusal is for what does not pass, comes before any change, and says why. */
const badlyRefused = ({ state, journal }: Played, passes: boolean): readonly string[] => [
  ...(passes ? [`refused: ${state.refusal?.what}`] : []),
  ...changesMade(journal).map((key) => `refused after ${key}`),
  ...(state.refusal && state.refusal.what.length > 20 ? [] : ['refused without saying why']),
];

/** Whether the plan that was signed said that people have to do a part of it themselves. */
const leftToPeople = ({ state }: Played, { byHand }: Scenario): boolean =>
  byHand !== undefined && (state.plan?.afterwards ?? []).some((words) => byHand.test(words));

/** Where it paused, unless that is this stage. */
const elsewhereThan = (stage: string, { pauses }: Played): readonly string[] =>
  pauses.flatMap(({ pause }) => (pause && pause.stage !== stage ? [`was stopped at ${pause.stage}`] : []));

/** What a truth says that gave up as a whole: each reading has to be told by itself. */
const GAVE_UP = 'The state of Azure could not be read just now';

const withoutTruth = ({ pause, stages, refusal }: Played['pauses'][number]): readonly string[] => {
  if (!pause) return [];
  const problem = stages[pause.stage]?.problem ?? refusal;
  return [
    ...(pause.truth.every((words) => words.startsWith(GAVE_UP))
      ? [`paused at ${pause.stage} without saying what is true`]
      : []),
    ...(problem && problem.what.length > 20 ? [] : [`paused at ${pause.stage} without saying why`]),
  ];
};

/** Changes that Azure accepted more often than in the undisturbed play, but for the one that may come again. */
function doneTwice(
  calm: Played,
  played: Played,
  [point, wrong]: Pair,
  { mends, detours }: Scenario,
): readonly string[] {
  // What passes after it was refused twice has been mended twice.
  const mended = wrong.passes ? (wrong.fault.times ?? 1) : 1;
  const mayRepeat = (key: string): number => {
    if (detours?.test(key)) return 2;
    if (mends?.test(key)) return mended;
    return key === point.key && mayBeDoneAgain(point, wrong) ? 1 : 0;
  };
  const wanted = counted(changesMade(calm.journal));
  return [...counted(changesMade(played.journal))]
    .filter(([key, times]) => times > (wanted.get(key) ?? 0) + mayRepeat(key))
    .map(([key, times]) => `${key} was done ${times} times`);
}

/** A result as a line of a table. */
export const rowOf = (scenario: string, { pair: [point, wrong], end, complaints }: Result): string =>
  [
    complaints.length === 0 ? 'ok   ' : 'WRONG',
    end.padEnd(9),
    wrong.name.padEnd(40),
    `${scenario} · ${point.key}${point.from === 'the beginning' ? '' : `, from ${point.from} on`}`,
    ...complaints.map((one) => `\n        ${one}`),
  ].join('  ');
