import type { Decision, Draft, Entry, Event, EventOf } from '../incidents/event';
import { isSame } from '../incidents/human';
import { sealing, sealWords, withoutSeal } from '../incidents/posted-seal';
import { type RunState, stageState } from '../incidents/run-state';
import { actorName } from './actor-name';
import { cut, plain } from './plain';
import { sayClockUtc, sayDuration, sayJson, sayMinutes } from './say';
import { stageTitle } from './situation';

/** An entry in words: when, who, what, and whether the channel's thread is told. */
export interface EntryParts {
  readonly time: string;
  readonly who: string;
  readonly what: string;
  readonly show: boolean;
}

const silent: ReadonlySet<Event['type']> = new Set([
  'step.intended',
  'step.withdrawn',
  'check.begun',
  'gate.opened',
  'timeline.read',
  // Its card stands in the thread already.
  'triage.made',
]);

/** An entry in words that are not yet safe for Markdown; `run` is the state to take names and durations from. */
export const entryParts = (entry: Draft, run: RunState | null): EntryParts => ({
  time: sayClockUtc(entry.happenedAt),
  who: actorName(entry.actor),
  what: what(entry, run),
  show: !silent.has(entry.event.type),
});

/**
 * One line of the channel's thread: `09:12:07Z · Alex Wilber · …`. Safe where Teams reads Markdown or HTML; holds
 * no mention. `show` is false for what only the timeline needs.
 */
export function entryWords(
  entry: Entry,
  run: RunState | null,
): { readonly text: string; readonly show: boolean } {
  const parts = entryParts(entry, run);
  const said = (text: string, limit: number) => plain(withoutSeal(text), limit);
  const words = `${parts.time} · ${said(parts.who, 80)} · ${said(parts.what, 700)}`;
  return {
    text: sealing.has(entry.event.type) ? `${words}${sealWords(entry.hash)}` : words,
    show: parts.show,
  };
}

function what(entry: Draft, run: RunState | null): string {
  const { event } = entry;
  const title = 'stage' in event && run ? stageTitle(run, event.stage) : 'stage' in event ? event.stage : '';
  switch (event.type) {
    case 'incident.opened':
      return `Opened the incident “${event.title}” (${event.severity}) for ${event.app}${event.simulated ? ', on simulated Azure' : ''}`;
    case 'run.requested':
      return `Asked: ${event.title}${event.words === '' ? '' : ` (“${cut(event.words, 200)}”)`}`;
    case 'plan.compiled':
      return `Plan ${event.hash.slice(0, 8)} is ready, version ${event.round}: data loss ${sayMinutes(event.plan.loss.minutes)}, duration ${sayMinutes(event.plan.duration.minutes)}, ${event.plan.stages.length} stages`;
    case 'plan.refused':
      return `No plan: ${event.problem.what} (${event.problem.code})`;
    case 'gate.opened':
      return `${title}: waiting for people until ${event.expiresAt}`;
    case 'vote.cast':
      return `${title}: answered “${optionLabel(run, event.stage, event.choice)}”${reason(event.reason)}`;
    case 'vote.withdrawn':
      return `${title}: withdrew the answer${reason(event.reason)}`;
    case 'gate.closed':
      return `${title}: ${closedWords(event.because, optionLabel(run, event.stage, event.choice))}`;
    case 'gate.escalated':
      return `${title}: nobody has answered, so every ${event.role} is asked as well`;
    case 'gate.broken':
      return `⚠ BREAK-GLASS · ${title}: went ahead alone${ofOwnRun(entry, run)}${reason(event.reason)}. Somebody else must review this: @dr sign review`;
    case 'review.signed':
      return `✓ Reviewed the break-glass at ${title}${reason(event.words)}`;
    case 'role.delegated':
      return `Lent the role ${event.role} to ${event.to.name} until ${event.until}${reason(event.reason)}`;
    case 'delegation.ended':
      return `Took the role ${event.role} back`;
    case 'plan.drifted':
      return `Azure has changed, so the answers do not count: ${event.changes.map(({ field, was, is }) => `${field} was ${sayJson(was)}, is now ${sayJson(is)}`).join('; ')}`;
    case 'step.intended':
    case 'check.begun':
      return `${title}: begins${again(event.attempt)}`;
    case 'step.done':
      return `✓ ${title}${event.adopted ? ', found done in Azure' : ''}${again(event.attempt)}${took(entry, run, event)}`;
    case 'check.passed':
      return `✓ ${title}: ${findingWords(event.findings)}${took(entry, run, event)}`;
    case 'step.failed':
      return `✗ ${title} failed${again(event.attempt)}: ${event.problem.what} (${event.problem.code})${took(entry, run, event)}`;
    case 'step.withdrawn':
      return `${title}: was not begun, since Azure has changed`;
    case 'check.failed':
      return `✗ ${title} failed${again(event.attempt)}: ${event.problem.what} (${event.problem.code})${took(entry, run, event)}`;
    case 'run.paused':
      return `‖ Paused at “${title}”: a decision is needed. ${event.truth.join(' ')}`;
    case 'run.decided':
      return `${title}: decided to ${decisionWords(event.decision)}`;
    case 'value.link-given':
      return `${title}: was given a link to enter ${event.secret}, good for 15 minutes and one value`;
    case 'value.page-opened':
      return `${title}: opened the page to enter ${event.secret}`;
    case 'value.entered':
      return `✓ ${title}: entered a value of ${event.secret}. It is in the vault and nowhere else`;
    case 'abort.asked':
      return `Asked to abort${reason(event.reason)}`;
    case 'undo.begun':
      return `↶ Taking back what was done, ${event.steps.length} stages${event.because === 'gate' ? ', as answered' : ''}`;
    case 'run.recovered':
      return `✓ Recovered${run ? ` ${sayDuration(entry.happenedAt.getTime() - run.requestedAt.getTime())} after the request` : ''}: “${title}” is done`;
    case 'run.finished':
      return `■ The run is over (${event.outcome}): ${event.words}`;
    case 'note.added':
      return event.of === undefined
        ? `Note: ${event.text}`
        : `Added what ${event.of} had said: “${event.text}”`;
    case 'entry.amended':
      return `Amended #${event.seq}${event.of === undefined ? '' : `, in the words of ${event.of}`}: “${event.text}”`;
    case 'triage.made':
      return triageWords(event);
    case 'timeline.read':
      return `Read the timeline (${event.format})`;
  }
}

function triageWords({ verdict, findings, answers }: EventOf<'triage.made'>): string {
  const seen = findings.filter(({ mark }) => mark !== 'well').map(({ what, words }) => `${what}: ${words}`);
  const said = answers.map(({ question, answer, by }) => `${by} on “${question}”: ${answer}`);
  const well = seen.length === 0 ? ['All that was probed is well.'] : seen;
  return `Triage: ${verdict}. ${[...well, ...said].join(' ')}`;
}

function closedWords(because: EventOf<'gate.closed'>['because'], answer: string): string {
  switch (because) {
    case 'quorum':
      return `decided, “${answer}”`;
    case 'veto':
      return `decided, “${answer}” (one answer is enough)`;
    case 'expired':
      return `nobody answered in time, so it is ${answer}`;
    case 'drift':
      return 'void, because Azure has changed';
  }
}

const ofOwnRun = ({ actor }: Draft, run: RunState | null): string =>
  run && actor.kind === 'person' && isSame(actor, run.requester) ? ', having asked for this run as well' : '';

const reason = (words: string): string => (words.trim() === '' ? '' : `: “${words}”`);
const again = (attempt: number): string => (attempt > 1 ? `, attempt ${attempt}` : '');

/** A decision about a paused run, to follow "decided to". */
export function decisionWords(decision: Decision): string {
  switch (decision.choice) {
    case 'retry':
      return 'try again';
    case 'undo':
      return 'take back what was done';
    case 'skip':
      return `skip it${reason(decision.reason)}`;
    case 'stop':
      return `stop and leave it as it is${reason(decision.reason)}`;
  }
}

/** The text of the button that was pressed. */
export function optionLabel(run: RunState | null, stage: string, choice: string): string {
  const gate = run?.plan?.stages.find((one) => one.name === stage);
  const option = gate?.kind === 'gate' ? gate.options.find((one) => one.choice === choice) : undefined;
  return option?.label ?? choice;
}

const findingWords = (findings: readonly { what: string; found: string; ok: boolean }[]): string =>
  findings.length === 0
    ? 'as expected'
    : findings.map(({ what: of, found, ok }) => `${of} ${found}${ok ? '' : ' (not as expected)'}`).join(', ');

/** The duration of the attempt that this entry ends, where the run's state still knows when it began. */
function took(
  entry: Draft,
  run: RunState | null,
  { stage, attempt }: { stage: string; attempt: number },
): string {
  const state = run ? stageState(run, stage) : null;
  if (!state?.startedAt || state.attempt !== attempt) return '';
  const milliseconds = entry.happenedAt.getTime() - state.startedAt.getTime();
  return milliseconds < 0 ? '' : ` · ${sayDuration(milliseconds)}`;
}
