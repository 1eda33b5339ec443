import type { IncidentView } from '../engine/engine';
import { dataLossMinutes } from '../incidents/data-loss';
import type { Entry } from '../incidents/event';
import { type RunState, stageState } from '../incidents/run-state';
import { actorName } from './actor-name';
import { amendmentsIn } from './amendments';
import { clocks } from './clocks';
import { decisionWords, optionLabel } from './entry-words';
import { sayRange } from './forecast';
import { leftovers } from './leftovers';
import { owedReviews } from './owed-reviews';
import { sayClockUtc, sayDuration, sayMinutes } from './say';
import { outcomeWords, stageTitle } from './situation';

/** One thing that a person decided. */
interface Decided {
  readonly when: string;
  readonly who: string;
  readonly what: string;
  readonly reason: string;
  /** What was said about it later, as {@link amendmentsIn} says it; mostly empty. */
  readonly amended: string;
}

/** What is read after a run, in words; the card, the Markdown and the JSON all come from this. */
export interface Report {
  readonly outcome: string;
  readonly recovered: boolean;
  readonly time: string;
  readonly timeAgainst: string;
  readonly timeKept: boolean | null;
  readonly loss: string;
  readonly lossAgainst: string;
  readonly lossKept: boolean | null;
  readonly people: string;
  readonly azure: string;
  readonly rest: string;
  readonly decisions: readonly Decided[];
  readonly stages: readonly { readonly title: string; readonly status: string; readonly took: string }[];
  readonly left: readonly string[];
}

/** The report of a run as it stands. */
export function reportOf({ entries }: Pick<IncidentView, 'entries'>, run: RunState, now: Date): Report {
  const { total, people, azure, bot } = clocks(entries, run, now);
  const objectives = run.plan?.objectives ?? null;
  const minutes = total / 60_000;
  const recovered = run.recoveredAt !== null && !run.undo;
  const undone = run.finished?.outcome === 'undone';
  const loss = dataLossMinutes(run);
  const amended = amendmentsIn(entries);
  return {
    outcome: run.finished ? outcomeWords[run.finished.outcome] : recovered ? 'Recovered' : 'Under way',
    recovered,
    time: sayDuration(total),
    timeAgainst: !objectives
      ? ''
      : recovered
        ? `RTO ${sayRange(objectives.rtoMinutes)}: ${minutes <= objectives.rtoMinutes[1] ? 'kept' : 'missed'}`
        : `RTO ${sayRange(objectives.rtoMinutes)}: the app has not been recovered by this run`,
    timeKept: objectives && recovered ? minutes <= objectives.rtoMinutes[1] : null,
    loss: undone ? 'none from before the run' : sayMinutes(loss),
    lossAgainst: undone ? takenBack(run) : lossAgainst(loss, objectives?.rpoMinutes ?? null),
    lossKept: objectives && loss !== null ? loss <= objectives.rpoMinutes : null,
    people: sayDuration(people),
    azure: sayDuration(azure),
    rest: sayDuration(bot),
    decisions: entries
      .filter((entry) => entry.run === run.run)
      .flatMap((entry) => decided(entry, run).map((one) => ({ ...one, amended: amended(entry.seq) }))),
    stages: stagesDone(run),
    left: leftWords(run),
  };
}

function takenBack(run: RunState): string {
  if (leftovers(run).length > 0)
    return 'Taken back: production has its own data again. What was written in between stays in the copy.';
  const hasNewAccount = (run.plan?.stages ?? []).some(
    (stage) => stage.kind === 'step' && stage.does.op === 'storage.create-account',
  );
  return hasNewAccount
    ? 'Taken back: the app uses its former storage account again. What was written in between stays in the new one.'
    : 'Taken back: what the run had changed is as it was before.';
}

function lossAgainst(loss: number | null, rpo: number | null): string {
  if (rpo === null) return '';
  if (loss === null) return `RPO ${sayMinutes(rpo)}: cannot be told`;
  // People approved a plan that said so, so more than the RPO is a decision and not a failure of the backups.
  return `RPO ${sayMinutes(rpo)}: ${loss <= rpo ? 'kept' : 'more, as the approved plan said'}`;
}

function decided({ event, actor, happenedAt }: Entry, run: RunState): readonly Omit<Decided, 'amended'>[] {
  const line = (what: string, reason: string): ReturnType<typeof decided> => [
    { when: sayClockUtc(happenedAt), who: actorName(actor), what, reason },
  ];
  switch (event.type) {
    case 'run.requested':
      return line(`asked for “${event.title}”`, reasonOf(run));
    case 'vote.cast':
      return line(
        `${stageTitle(run, event.stage)}: ${optionLabel(run, event.stage, event.choice)}`,
        event.reason,
      );
    case 'vote.withdrawn':
      return line(`${stageTitle(run, event.stage)}: answer withdrawn`, event.reason);
    case 'gate.closed':
      return event.because === 'expired'
        ? line(
            `${stageTitle(run, event.stage)}: nobody answered, so ${optionLabel(run, event.stage, event.choice)}`,
            '',
          )
        : [];
    case 'gate.broken':
      return line(`${stageTitle(run, event.stage)}: went ahead alone`, event.reason);
    case 'review.signed':
      return line(`${stageTitle(run, event.stage)}: reviewed the break-glass`, event.words);
    case 'run.decided':
      return line(`${stageTitle(run, event.stage)}: ${decisionWords(event.decision)}`, '');
    case 'abort.asked':
      return line('asked to abort', event.reason);
    default:
      return [];
  }
}

const reasonOf = (run: RunState): string => {
  const reason = run.parameters['reason'];
  return typeof reason === 'string' ? reason : '';
};

function stagesDone(run: RunState): Report['stages'] {
  const planned = (run.plan?.stages ?? [])
    .filter((stage) => stage.kind !== 'gate')
    .map((stage) => stage.name);
  return [...planned, ...(run.undo ?? [])].map((name) => {
    const { status, startedAt, endedAt, attempt } = stageState(run, name);
    const tries = attempt > 1 ? `, ${attempt} attempts` : '';
    return {
      title: stageTitle(run, name),
      status: `${statusWords[status]}${tries}`,
      took: startedAt && endedAt ? sayDuration(endedAt.getTime() - startedAt.getTime()) : '',
    };
  });
}

const statusWords = {
  waiting: 'not done',
  running: 'under way',
  done: 'done',
  failed: 'failed',
  skipped: 'left out',
} as const;

function leftWords(run: RunState): readonly string[] {
  const kept = leftovers(run).map(({ database, origin }) =>
    origin === 'former production database'
      ? `The former production database is kept as ${database}. Remove it when nobody needs it any more: it costs money.`
      : `The restored copy stays as ${database}. Look at it, then remove it: it costs money.`,
  );
  const skipped = (run.plan?.stages ?? [])
    .filter((stage) => stageState(run, stage.name).status === 'skipped')
    .map((stage) => `“${stage.title}” was left out: make sure that it was done by hand.`);
  const afterwards = run.finished?.outcome === 'completed' ? (run.plan?.afterwards ?? []) : [];
  return [...owedReviews(run), ...skipped, ...afterwards, ...kept];
}
