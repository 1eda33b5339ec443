import type { Stage } from './plan';

/** The longest chain of stages, which is how long it takes when all others run beside it. */
export interface CriticalPath {
  /** In the unit of the stages' own lengths; null when one on the way is unknown. */
  readonly length: number | null;
  /** The names of its stages, the first first. */
  readonly stages: readonly string[];
}

/**
 * The critical path of a plan's stages up to one of them, that one included.
 * @param lengthOf how long a stage takes by itself; null when nobody knows
 */
export function criticalPath(
  stages: readonly Stage[],
  until: string,
  lengthOf: (stage: Stage) => number | null,
): CriticalPath {
  const known = new Map<string, CriticalPath>();
  const to = (name: string): CriticalPath => {
    const before = known.get(name);
    if (before) return before;
    const stage = stages.find((one) => one.name === name);
    if (!stage) return { length: 0, stages: [] };
    // A ring would never end; a plan has none, and a broken one must not hang a card.
    known.set(name, { length: 0, stages: [] });
    const own = lengthOf(stage);
    const [longest = { length: 0, stages: [] }] = stage.after
      .map(to)
      .sort((a, b) => (b.length ?? Number.POSITIVE_INFINITY) - (a.length ?? Number.POSITIVE_INFINITY));
    const length = own === null || longest.length === null ? null : own + longest.length;
    const path = { length, stages: [...longest.stages, name] };
    known.set(name, path);
    return path;
  };
  return to(until);
}
