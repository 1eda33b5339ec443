import { requestKey } from '../theatre/changes';
import type { Point } from '../theatre/points';
import type { Wrong } from '../theatre/wrongs';
import type { Answer } from './counter';
import { excuses } from './excuses';

/** One thing that was asked while one call to Azure went wrong, and what was not as it should be then. */
export interface Heard {
  readonly what: string;
  readonly disaster: string | null;
  readonly point: Point;
  readonly wrong: Wrong;
  /** `same`: as if nothing had gone wrong. `said`: what is not known was said. `unused`: nothing was claimed of it. */
  readonly end: 'same' | 'said' | 'unused' | 'not met';
  /** The lines that the undisturbed answer did not have. */
  readonly instead: readonly string[];
  readonly complaints: readonly string[];
}

const TOO_LATE_MS = 15_000;

/** What only a program says. */
const BABBLE = /\bundefined\b|\bnull\b|\bNaN\b|\[object |^\s*at \S+ \(|TypeError|RestError/;

/** The words in which the product says that it has not read something. */
const NOT_KNOWN =
  /not known|unknown|could not|cannot tell|not be read|no answer|not answer|did not (?:work|come)|may not|refuse|HTTP [45]\d\d/i;

/** What may be said of something only when it was read. */
const DENIES =
  /\bis gone\b|\bis missing\b|\bmissing$|\bwas deleted\b|\bno such\b|\bthere is no\b|\bhas none\b|\bneither\b|\bdoes not exist\b|\bnothing yet\b|\bin one region\b|\bweaker\b|\bwas not found\b|^(?:none|off|0)$|\bno failover group\b/i;

/** What is recommended: the title of a card from which a recovery can be opened. */
const recommended = ({ lines, buttons }: Answer): string | null =>
  buttons.includes('Open this recovery') ? (lines[0] ?? '') : null;

/** Holds an answer against the undisturbed one. */
export function judged(
  asked: Pick<Heard, 'what' | 'disaster' | 'point' | 'wrong'>,
  calm: Answer,
  answer: Answer,
): Heard {
  const { wrong, point } = asked;
  const instead = answer.lines.filter((line) => !calm.lines.includes(line));
  const same = answer.lines.join('\n') === calm.lines.join('\n');
  const truly = 'status' in wrong.fault && wrong.fault.status === 404;
  const excuse = excuses.find(
    ({ of, on, when }) =>
      of.test(`${asked.what} ${asked.disaster}`) && on.test(point.key) && (when?.test(wrong.name) ?? true),
  );
  const passes = wrong.passes && !isStall(wrong);
  const complaints = [
    ...(answer.ms > TOO_LATE_MS ? [`came after ${Math.round(answer.ms / 1000)} s`] : []),
    ...(answer.lines.length === 0 ? ['there was no answer'] : []),
    ...answer.lines.filter((line) => BABBLE.test(line)).map((line) => `babbles: ${line}`),
    ...(answer.met ? [] : ['it was not met']),
    ...(passes && !same && !excuse?.passing ? ['it would have passed, and the answer is another one'] : []),
    ...(!passes &&
    same &&
    !excuse &&
    !(truly && isThereNone(calm, point)) &&
    !(isStall(wrong) && askedAgain(answer, point))
      ? ['nothing was read, and the answer is the same']
      : []),
    ...(!passes && !same && !truly && !excuse && !instead.some((line) => NOT_KNOWN.test(line))
      ? ['what is not known is not said']
      : []),
    ...(passes || truly || excuse ? [] : claimsIn(instead, calm)),
    ...(recommended(answer) !== null && recommended(answer) !== recommended(calm) && !truly && !excuse
      ? [`recommends: ${recommended(answer)}`]
      : []),
  ];
  const end = answer.met ? (same ? (passes ? 'same' : 'unused') : 'said') : 'not met';
  return { ...asked, end, instead, complaints };
}

const isStall = ({ fault }: Wrong): boolean => 'delayMs' in fault;

/** Whether the same was read more than once: then it is known although one reading stalled. */
const askedAgain = ({ journal }: Answer, { key }: Point): boolean =>
  journal.filter((entry) => requestKey(entry) === key).length > 1;

/** Whether Azure has no such thing anyway. */
const isThereNone = ({ journal }: Answer, { key }: Point): boolean =>
  journal.some((entry) => entry.status === 404 && requestKey(entry) === key);

/** What is denied that the undisturbed answer did not deny. */
const claimsIn = (instead: readonly string[], { lines }: Answer): readonly string[] =>
  instead
    .filter((line) => {
      const [denial] = DENIES.exec(line) ?? [];
      return denial !== undefined && !lines.some((one) => one.toLowerCase().includes(denial.toLowerCase()));
    })
    .map((line) => `claims: ${line}`);

/** A result as a line of a table, with what was said instead where that is to be judged. */
export const rowOf = ({ what, disaster, point, wrong, end, instead, complaints }: Heard): string =>
  [
    complaints.length === 0 ? 'ok   ' : 'WRONG',
    end.padEnd(7),
    wrong.name.padEnd(40),
    `${disaster ? `${disaster}: ` : ''}${what} · ${point.key}`,
    ...complaints.map((one) => `\n        ${one}`),
    ...(end === 'said' ? instead.slice(0, 8).map((one) => `\n          » ${one.slice(0, 200)}`) : []),
  ].join('  ');
