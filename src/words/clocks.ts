import { waitsForValue } from '../engine/awaited-value';
import type { Draft } from '../incidents/event';
import type { RunState } from '../incidents/run-state';

/** Where a run's time went, in milliseconds. People and Azure may work side by side, so the parts can overlap. */
export interface Clocks {
  /** From the request to the recovery, or to the end, or to now. */
  readonly total: number;
  /** Gates and paused runs: somebody had to decide. */
  readonly people: number;
  /** Steps and checks: Azure, or the app, was at work. */
  readonly azure: number;
  /** Neither of the two: reading, planning, the bot itself. */
  readonly bot: number;
  readonly running: boolean;
}

type Span = readonly [from: number, to: number];

/** The clocks of a run, from its entries. They stop when the app has recovered, or when the run is over. */
export function clocks(entries: readonly Draft[], run: RunState, now: Date): Clocks {
  const from = run.requestedAt.getTime();
  // A recovery that is taken back is none.
  const stopped = (run.undo ? null : run.recoveredAt) ?? run.finished?.at ?? null;
  const to = Math.max(from, (stopped ?? now).getTime());
  const own = entries.filter((entry) => entry.run === run.run);
  const people = spans(own, peopleWait, to).map(within(from, to));
  const azure = spans(own, azureWorks, to).map(within(from, to));
  return {
    total: to - from,
    people: covered(people),
    azure: covered(azure),
    bot: to - from - covered([...people, ...azure]),
    running: stopped === null,
  };
}

/** What an entry opens or closes: a key that is the same at both ends, or everything. */
type Edge = { readonly opens: string } | { readonly closes: string | 'all' } | null;

function peopleWait({ event }: Draft): Edge {
  switch (event.type) {
    case 'gate.opened':
      return { opens: `gate ${event.stage} ${event.round}` };
    case 'gate.closed':
      return { closes: `gate ${event.stage} ${event.round}` };
    case 'run.paused':
      return { opens: `pause ${event.pause}` };
    case 'run.decided':
      return { closes: `pause ${event.pause}` };
    // A value is entered by people, so it is their time.
    case 'step.intended':
      return waitsForValue(event.operation) ? { opens: `value ${event.stage} ${event.attempt}` } : null;
    case 'step.done':
    case 'step.failed':
    case 'step.withdrawn':
      return { closes: `value ${event.stage} ${event.attempt}` };
    case 'undo.begun':
    case 'run.finished':
      return { closes: 'all' };
    default:
      return null;
  }
}

function azureWorks({ event }: Draft): Edge {
  switch (event.type) {
    case 'step.intended':
      return waitsForValue(event.operation) ? null : { opens: `${event.stage} ${event.attempt}` };
    case 'check.begun':
      return { opens: `${event.stage} ${event.attempt}` };
    case 'step.done':
    case 'step.failed':
    case 'step.withdrawn':
    case 'check.passed':
    case 'check.failed':
      return { closes: `${event.stage} ${event.attempt}` };
    case 'run.finished':
      return { closes: 'all' };
    default:
      return null;
  }
}

function spans(entries: readonly Draft[], edge: (entry: Draft) => Edge, end: number): readonly Span[] {
  const open = new Map<string, number>();
  const closed: Span[] = [];
  for (const entry of entries) {
    const found = edge(entry);
    if (!found) continue;
    const at = entry.happenedAt.getTime();
    // A crash can leave a second beginning of the same thing behind; the first one counts.
    if ('opens' in found) open.set(found.opens, open.get(found.opens) ?? at);
    else
      for (const [key, since] of open) {
        if (found.closes !== 'all' && found.closes !== key) continue;
        closed.push([since, at]);
        open.delete(key);
      }
  }
  return [...closed, ...[...open.values()].map((since): Span => [since, end])];
}

const within =
  (from: number, to: number) =>
  ([start, end]: Span): Span => [Math.min(Math.max(start, from), to), Math.min(Math.max(end, from), to)];

/** The length of a union of spans. */
function covered(all: readonly Span[]): number {
  let length = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const [start, end] of [...all].sort(([a], [b]) => a - b)) {
    length += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return length;
}
