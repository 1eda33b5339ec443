import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isChange, requestKey } from './changes';
import { endOf } from './complaints';
import { entryEnds } from './play-killed';
import { changesOf } from './play-wrongs';
import type { Played } from './theatre';

/**
 * A moment of a run, named so that it is found again in another run. `after change`: Azure has done it, and not
 * answered yet. `before change`: a step has looked at Azure, and sends nothing yet. `after entry`: it is written down,
 * and the bot has not been told. `during entry`: it is about to be written, and nobody else can write.
 */
export interface Moment {
  readonly when: 'after change' | 'before change' | 'after entry' | 'during entry';
  /** The request, the step, or the end of the entry's id. */
  readonly what: string;
}

/** What befalls the bot that carries a run out. */
export interface Strike extends Moment {
  /**
   * `kill`: it is gone. `pause`: it stands still past its lease, and wakes up when the other has taken the right over.
   * `long pause`: it wakes up when the other has ended what it was about.
   */
  readonly how: 'kill' | 'pause' | 'long pause';
}

/** A strike after which a bot wakes up again. */
export type Pause = Exclude<Strike['how'], 'kill'>;

export const signalOf = ({ how }: Strike): 'SIGKILL' | 'SIGSTOP' => (how === 'kill' ? 'SIGKILL' : 'SIGSTOP');

/** All moments of a run, in the order in which they came in a calm play. */
export function momentsOf(calm: Played): readonly Moment[] {
  const ends = new Set(entryEnds(calm));
  const atEntries = calm.entries.flatMap((entry) => {
    const [end, at, { event }] = [endOf(entry), entry.recordedAt.getTime(), entry];
    if (!ends.has(end)) return [];
    const moments: Moment[] = [
      { when: 'during entry', what: end },
      { when: 'after entry', what: end },
    ];
    const sends = event.type === 'step.intended' && isSent(calm, event.stage);
    if (sends) moments.push({ when: 'before change', what: event.stage });
    return moments.map((moment) => ({ moment, at }));
  });
  const atChanges = changesOf(calm).map((what) => {
    const first = calm.journal.find((entry) => isChange(entry) && requestKey(entry) === what);
    return { moment: { when: 'after change', what } as const, at: Date.parse(first?.time ?? '') };
  });
  return [...atEntries, ...atChanges].toSorted((a, b) => a.at - b.at).map(({ moment }) => moment);
}

/** Whether a step found its effect absent, so that it sent it. */
const isSent = ({ entries }: Played, stage: string): boolean =>
  entries.some(({ event }) => event.type === 'step.done' && event.stage === stage && !event.adopted);

const whens = ['after change', 'before change', 'after entry', 'during entry'] as const;

/**
 * Two strikes for the `nth` scenario, a pause and a kill: one in the first half of the run and one in the second. Over
 * sixteen scenarios each comes at each kind of moment, first and last. Two of three pauses are before a change, where only
 * the fence keeps it from being made twice: there a bot stands still until the other has made it.
 */
export function fewStrikes(moments: readonly Moment[], nth: number): readonly Strike[] {
  const middle = Math.floor(moments.length / 2);
  const of = (part: readonly Moment[], kind: number): Moment | undefined => {
    const able = whens.map((_one, step) =>
      part.filter(({ when }) => when === whens[(kind + step) % whens.length]),
    );
    const list = able.find((one) => one.length > 0) ?? [];
    return list[(nth * 7) % Math.max(1, list.length)];
  };
  const pause = Math.floor(nth / 2) % 2 === 0 ? 'long pause' : 'pause';
  const hows = nth % 2 === 0 ? ([pause, 'kill'] as const) : (['kill', pause] as const);
  const kindOf = (half: number, turn: number): number =>
    hows[half] !== 'kill' && nth % 3 !== 0 ? whens.indexOf('before change') : turn;
  const halves = [
    of(moments.slice(0, middle), kindOf(0, nth + Math.floor(nth / 4))),
    of(moments.slice(middle), kindOf(1, nth + Math.floor(nth / 2) + 1)),
  ];
  return halves.flatMap((moment, index) => {
    const how = hows[index];
    if (!moment || !how) return [];
    return [{ ...moment, how: how === 'pause' && moment.when === 'before change' ? 'long pause' : how }];
  });
}

/** So many moments lie between two strikes of one play, so that a bot goes on for a while before it is struck. */
const APART = 6;
const hows = ['kill', 'long pause', 'pause'] as const;

/** Plays in which each moment comes up with each strike. */
export const allStrikes = (moments: readonly Moment[]): readonly (readonly Strike[])[] =>
  hows.flatMap((_how, turn) =>
    Array.from({ length: Math.min(APART, moments.length) }, (_one, first) =>
      moments
        .filter((_moment, index) => index % APART === first)
        .map((moment, index) => ({ ...moment, how: hows[(index + turn) % hows.length] ?? 'kill' })),
    ),
  );

const mark = 'strike-';

/** Writes down, for all processes of a play, that a strike comes; false when it has come already. */
export function claim(folder: string, index: number): boolean {
  try {
    writeFileSync(join(folder, `${mark}${index}`), '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** How many strikes of a play have come. */
export const claimed = (folder: string): number =>
  readdirSync(folder).filter((file) => file.startsWith(mark)).length;
