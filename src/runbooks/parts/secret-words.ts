import type { CompileContext } from '../../engine/runbook';
import type { Plan, Stage } from '../../incidents/plan';

/** A moment in UTC to the minute; `at a time that Azure does not tell` where there is none. */
export const utc = (at: Date | null): string =>
  at === null ? 'at a time that Azure does not tell' : `${at.toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** How long there is until a moment, for people: `6 days`, `5 hours`, `20 minutes`. */
export function left(until: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((until.getTime() - now.getTime()) / 60_000));
  const [count, unit] =
    minutes >= 2 * 1_440
      ? [Math.floor(minutes / 1_440), 'day']
      : minutes >= 120
        ? [Math.floor(minutes / 60), 'hour']
        : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Recovering secrets loses no data of the app. */
export const noLoss: Plan['loss'] = {
  ...{ minutes: 0, from: null, settledBy: null },
  words: 'None: the data of the app is not touched.',
};

/** How long it takes: what our own past runs took for these stages, else the document's estimate for Scenario 2. */
export function durationOf(
  runbook: string,
  stages: readonly Stage[],
  { past }: CompileContext,
): Plan['duration'] {
  const known = stages.filter(({ kind }) => kind !== 'gate').map(({ name }) => past(runbook, name));
  const total = known.reduce<number | null>(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    0,
  );
  if (total === null)
    return { minutes: 30, basis: 'document', words: '15 to 30 minutes by the document; never run here yet' };
  const minutes = Math.max(1, Math.ceil(total));
  return { minutes, basis: 'past runs', words: `about ${minutes} min, as our own past runs took` };
}
