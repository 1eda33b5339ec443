import { type Boundary, keyOf } from './boundary';
import { AT_ONCE, type Killed, type Killing, UNDO } from './killing';

/**
 * One killed run for each boundary of a restore and of its undo that the timeline, Azure or Teams marks; those inside
 * the engine and the outbox lie close together, so there the bot dies several times in a run. Then some runs in which
 * it dies twice at once, and some in which every activity comes four times as well.
 */
export function allKillings(keep: readonly Boundary[], back: readonly Boundary[]): readonly Killing[] {
  const marked = keep.filter(isMarked).map(keyOf);
  const inside = keep.filter(isInside).map(keyOf);
  const undoing = back.slice(back.findIndex((one) => keyOf(one) === UNDO) + 1);
  const passedBefore = new Set(keep.map(keyOf));
  const inUndo = undoing
    .filter((one) => isMarked(one) && (isChange(keyOf(one)) || !passedBefore.has(keyOf(one))))
    .map(keyOf);
  const changes = keep.map(keyOf).filter(isChange);
  const aroundSteps = marked.filter((key) => /^timeline before .*:(intended|ended):1$/.test(key));
  return [
    ...marked.map((at): Killing => ({ ending: 'Keep', at: [at] })),
    ...inUndo.map((at): Killing => ({ ending: 'Swap back', at: [at], since: UNDO })),
    ...dealt(inside, 8).map((at): Killing => ({ ending: 'Keep', at })),
    ...aroundSteps.map((at): Killing => ({ ending: 'Keep', at: [at, at] })),
    ...changes.map((at): Killing => ({ ending: 'Keep', at: [at, AT_ONCE] })),
    ...changes.map((at): Killing => ({ ending: 'Keep', at: [at], fourfold: true })),
  ];
}

/** What the timeline, Azure's journal and Teams tell of. Redraws are harmless to repeat: one of each kind of card. */
const isMarked = ({ where, what }: Boundary): boolean => {
  if (where === 'teams' && what.startsWith('update')) return /headline|report|gate:swap:1$/.test(what);
  return where === 'timeline' || where === 'azure' || where === 'teams' || where === 'answer';
};

/** What was recorded in the engine, and messages that are marked as being sent and are not. */
const isInside = ({ where, when, what }: Boundary): boolean =>
  when === 'after' &&
  ((where === 'engine' && !what.includes('DBOS.')) || (where === 'outbox' && what.startsWith('sending')));

/** Deals a list out to hands, in turn, so that each hand keeps the order and its cards lie far apart. */
const dealt = (list: readonly string[], hands: number): readonly (readonly string[])[] =>
  Array.from({ length: hands }, (_hand, hand) => list.filter((_one, index) => index % hands === hand));

const isChange = (key: string): boolean => /^azure after (PUT|POST|DELETE) Microsoft/.test(key);

/** A killed run as a line for people, with what is wrong below it. */
export const rowOf = ({ killing, seconds, wrong }: Killed): string =>
  [
    wrong.length === 0 ? 'ok   ' : 'WRONG',
    seconds.toFixed(1).padStart(5),
    `${killing.ending}${killing.fourfold ? ', all four times' : ''}`.padEnd(21),
    killing.at.join(', then '),
    ...wrong.map((one) => `\n       ${one}`),
  ].join('  ');

export const HEADING = 'result    sec  run                    killed at';
