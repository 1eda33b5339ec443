import type { Stage } from './plan';

/** Names of the stages that must be done before this one, near and far. */
export function stagesBefore(
  stages: readonly Stage[],
  name: string,
  known = new Set<string>(),
): ReadonlySet<string> {
  for (const one of stages.find((stage) => stage.name === name)?.after ?? []) {
    if (known.has(one)) continue;
    known.add(one);
    stagesBefore(stages, one, known);
  }
  return known;
}

/** The stages that neither wait for this one nor it for them: they run at the same time. */
export function sideBySide(stages: readonly Stage[], name: string): readonly Stage[] {
  const earlier = stagesBefore(stages, name);
  return stages.filter(
    (other) => other.name !== name && !earlier.has(other.name) && !stagesBefore(stages, other.name).has(name),
  );
}
