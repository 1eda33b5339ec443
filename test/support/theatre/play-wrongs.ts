import type { Scenario } from '../../scenarios/scenario';
import { changesMade, counted, isChange, patternOf, requestKey } from './changes';
import type { Played, Theatre } from './theatre';
import { type Wrong, wrongs } from './wrongs';

/** One thing that went wrong in one play, and what was not as it should be then. */
export interface Result {
  readonly key: string;
  readonly wrong: string;
  /** `done`: nobody was asked. `asked`: it paused with the truth, and went on when people had mended the cause. */
  readonly end: 'done' | 'asked' | 'not met';
  readonly complaints: readonly string[];
}

/** Plays a scenario undisturbed. @throws when it does not end well. */
export async function playCalm(theatre: Theatre, scenario: Scenario): Promise<Played> {
  const played = await theatre.play(scenario);
  const paused = played.pauses.map(({ pause, stages }) =>
    pause ? `${pause.stage}: ${stages[pause.stage]?.problem?.what ?? pause.because}` : '',
  );
  if (played.state.finished?.outcome !== 'completed' || paused.length > 0)
    throw new Error(
      `Undisturbed it ended as ${played.state.finished?.outcome}: ${played.state.finished?.words} ${played.state.refusal?.what ?? ''} Paused at: ${paused.join('; ')}`,
    );
  await scenario.recovered(theatre.simulator);
  return played;
}

/** The changes that an undisturbed play asked for: what can go wrong. */
export const changesOf = ({ journal }: Played): readonly string[] => [
  ...new Set(journal.filter(isChange).map(requestKey)),
];

/** Every change with everything that may go wrong with it, or with a few of them in turn. */
export const pairsOf = (
  keys: readonly string[],
  each: number | 'all',
): readonly (readonly [string, Wrong])[] =>
  keys.flatMap((key, index) =>
    wrongs
      .filter(
        (_wrong, nth) =>
          each === 'all' || (nth + wrongs.length - ((index * each) % wrongs.length)) % wrongs.length < each,
      )
      .map((wrong) => [key, wrong] as const),
  );

/** Plays a scenario with one thing going wrong, people mending it when they are asked, and compares the end. */
export async function playWrong(
  theatre: Theatre,
  scenario: Scenario,
  calm: Played,
  [key, wrong]: readonly [string, Wrong],
): Promise<Result> {
  const fault = { ...wrong.fault, method: key.slice(0, key.indexOf(' ')), path: patternOf(key) };
  const result = (end: Result['end'], complaints: readonly string[]): Result => ({
    ...{ key, wrong: wrong.name, end, complaints },
  });
  let played: Played;
  try {
    played = await theatre.play(scenario, { before: () => void theatre.simulator.addFault(fault) });
  } catch (error) {
    return result('not met', [error instanceof Error ? error.message : String(error)]);
  }
  const complaints = [
    ...endedWell(played),
    ...(wrong.passes ? played.pauses.map(({ pause }) => `asked people at ${pause?.stage}`) : []),
    ...played.pauses.flatMap(withoutTruth),
    ...doneTwice(calm, played, 'lro' in wrong.fault ? key : null, scenario),
    ...(await isRecovered(theatre, scenario)),
  ];
  return result(played.met ? (played.pauses.length > 0 ? 'asked' : 'done') : 'not met', complaints);
}

const endedWell = ({ state }: Played): readonly string[] =>
  state.finished?.outcome === 'completed'
    ? []
    : [`ended as ${state.finished?.outcome}: ${state.finished?.words}`];

const withoutTruth = ({ pause, stages }: Played['pauses'][number]): readonly string[] => {
  if (!pause) return [];
  const problem = stages[pause.stage]?.problem;
  return [
    ...(pause.truth.length === 0 ? [`paused at ${pause.stage} without saying what is true`] : []),
    ...(problem && problem.what.length > 20 ? [] : [`paused at ${pause.stage} without saying why`]),
  ];
};

/** Changes that Azure accepted more often than in the undisturbed play; one that failed afterwards may come again. */
function doneTwice(
  calm: Played,
  played: Played,
  again: string | null,
  { mends }: Scenario,
): readonly string[] {
  const wanted = counted(changesMade(calm.journal));
  return [...counted(changesMade(played.journal))]
    .filter(([key, times]) => times > (wanted.get(key) ?? 0) + (key === again ? 1 : 0) && !mends?.test(key))
    .map(([key, times]) => `${key} was done ${times} times`);
}

async function isRecovered({ simulator }: Theatre, { recovered }: Scenario): Promise<readonly string[]> {
  try {
    await recovered(simulator);
    return [];
  } catch (error) {
    return [`not recovered: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`];
  }
}

/** A result as a line of a table. */
export const rowOf = (scenario: string, { key, wrong, end, complaints }: Result): string =>
  [
    complaints.length === 0 ? 'ok   ' : 'WRONG',
    end.padEnd(7),
    wrong.padEnd(40),
    `${scenario} · ${key}`,
    ...complaints.map((one) => `\n        ${one}`),
  ].join('  ');
