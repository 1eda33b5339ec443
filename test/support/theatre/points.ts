import { isChange, requestKey } from './changes';
import type { Played } from './theatre';
import { type Wrong, wrongs } from './wrongs';

/** A call to Azure in which something can go wrong: a request, and from when on in the run. */
export interface Point {
  readonly key: string;
  readonly reads: boolean;
  /** While the plan is made and approved, when the first change has been made, or when all is taken back. */
  readonly from: 'the beginning' | 'the first change' | 'the undo';
  /** Whether Azure accepted it and went on working on it, or may: it answers some readings at once or later. */
  readonly accepted: boolean;
}

/** A call, and what goes wrong with it. */
export type Pair = readonly [Point, Wrong];

/** Readings for which Azure's specification has 200 and 202: they are answered at once, or taken on. */
const mayBeTakenOn = /\/(validate|whatIf)$/i;

/**
 * Every call that an undisturbed play made; what it read before the first change and after it as two, and what it asked
 * for again when it took everything back too.
 */
export function pointsOf({ journal, entries }: Played): readonly Point[] {
  const undo = entries.find(({ event }) => event.type === 'undo.begun')?.recordedAt ?? null;
  const points = new Map<string, Point>();
  let changed = false;
  for (const entry of journal) {
    const key = requestKey(entry);
    const reads = !isChange(entry);
    const isUndo = undo !== null && new Date(entry.time) >= undo;
    const from = isUndo ? 'the undo' : changed && reads ? 'the first change' : 'the beginning';
    changed ||= !reads;
    const accepted =
      entry.method !== 'GET' && (entry.status === 201 || entry.status === 202 || mayBeTakenOn.test(key));
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
