import { isChange, requestKey } from './changes';
import type { Played } from './theatre';
import { type Wrong, wrongs } from './wrongs';

/** A call to Azure in which something can go wrong: a request, and from when on in the run. */
export interface Point {
  readonly key: string;
  readonly reads: boolean;
  /** While the plan is made and approved, or when the first change has been made. */
  readonly from: 'the beginning' | 'the first change';
  /** Whether Azure accepted it and went on working on it. */
  readonly accepted: boolean;
}

/** A call, and what goes wrong with it. */
export type Pair = readonly [Point, Wrong];

/** Every call that an undisturbed play made; what it read before the first change and after it as two. */
export function pointsOf({ journal }: Played): readonly Point[] {
  const points = new Map<string, Point>();
  let changed = false;
  for (const entry of journal) {
    const key = requestKey(entry);
    const reads = !isChange(entry);
    const from = changed && reads ? 'the first change' : 'the beginning';
    changed ||= !reads;
    const accepted = entry.method !== 'GET' && (entry.status === 201 || entry.status === 202);
    const before = points.get(`${from} ${key}`);
    points.set(`${from} ${key}`, { key, reads, from, accepted: accepted || before?.accepted === true });
  }
  return [...points.values()];
}

/** What can go wrong with a call. */
const wrongsOf = (point: Point): readonly Wrong[] => wrongs.filter(({ befalls }) => befalls?.(point) ?? true);

/** Every call with everything that can go wrong with it. */
export const allPairs = (points: readonly Point[]): readonly Pair[] =>
  points.flatMap((point) => wrongsOf(point).map((wrong) => [point, wrong] as const));

/**
 * One of them for the `nth` scenario, with a change and with a reading in turn, such that over twice as many scenarios
 * as there are wrongs each wrong comes up, and each time with another kind of call.
 */
export function fewPairs(points: readonly Point[], nth: number): readonly Pair[] {
  const reads = nth % 2 === 1;
  const start = reads ? nth * 5 + 3 : nth / 2;
  for (let step = 0; step < wrongs.length; step++) {
    const wrong = wrongs[(start + step) % wrongs.length];
    const able = points.filter((point) => point.reads === reads && (wrong?.befalls?.(point) ?? true));
    const point = able[(nth * 7) % Math.max(1, able.length)];
    if (wrong && point) return [[point, wrong]];
  }
  return [];
}
