import type { Person } from '../engine/approval';
import { DECIDES, roleRefusal } from '../engine/may';
import type { Runbook } from '../engine/runbook';
import { type CommandSpec, readCommand } from '../words/command';
import { AT_HAND } from './at-hand';
import { start } from './begin';
import { breakGlass, delegate, signReview } from './exceptions';
import { exportTimeline, help, status, timeline, whereToAnswer } from './look';
import { amend, note } from './note';
import { here, rollCall } from './roll-call';
import { offerTriage, startTriage } from './start-triage';
import { abort, keep, retry, skip, undo } from './steer';
import { type Desk, notice, type Turn, type Worked } from './turn';

/** A command: how it is said and who may say it, and what it does. */
export interface Command extends CommandSpec<string, string> {
  readonly run: (desk: Desk, turn: Turn, rest: string, words: string) => Promise<Worked>;
}

const read = (rest: string): string => rest;

/** What can be said about incidents and runs, whatever their runbook. */
const STEERING: readonly Command[] = [
  {
    name: 'triage',
    words: ['triage', 'what is wrong', "what's wrong", 'what’s wrong', 'diagnose', 'log in', 'log on'],
    summary: 'Look at everything and say what to do; changes nothing',
    examples: ['triage', 'the app is down', 'users cannot sign in'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: (desk, turn, _rest, words) => startTriage(desk, turn, words),
  },
  {
    name: 'status',
    words: ['status', 'state', 'where are we', 'incidents'],
    summary: 'Where every open incident stands',
    examples: ['status'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: status,
  },
  {
    name: 'timeline',
    words: ['timeline', 'history', 'log'],
    summary: 'Everything that happened in an incident',
    examples: ['timeline', 'timeline inc7'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: timeline,
  },
  {
    name: 'timeline export',
    words: ['timeline export', 'export timeline', 'export'],
    summary: 'The whole timeline as Markdown and JSON',
    examples: ['timeline export'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: exportTimeline,
  },
  {
    name: 'abort',
    words: ['abort', 'stop', 'cancel'],
    summary: 'Stop a run; if something was changed, it asks what to do about that',
    examples: ['abort', 'abort wrong database'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: abort,
  },
  {
    name: 'retry',
    words: ['retry', 'try again', 'again'],
    summary: 'Try the failed stage of a paused run again',
    examples: ['retry'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: retry,
  },
  {
    name: 'skip',
    words: ['skip'],
    summary: 'Leave the failed stage of a paused run out, and say why',
    examples: ['skip the app was restarted by hand'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: skip,
  },
  {
    name: 'undo',
    words: ['undo', 'swap back', 'revert'],
    summary: 'Take back what a run changed',
    examples: ['undo'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: undo,
  },
  {
    name: 'keep',
    words: ['keep', 'commit'],
    summary: 'Keep the swapped-in database',
    examples: ['keep'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: keep,
  },
  {
    name: 'approve',
    words: ['approve', 'approved', 'reject', 'decline', 'withdraw', 'vote'],
    summary: 'Where approvals are answered',
    examples: ['approve'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: whereToAnswer,
  },
  {
    name: 'roll-call',
    words: ['roll-call', 'roll call', 'rollcall'],
    summary: 'Ask all approvers for a harmless vote, and see who answers and how fast',
    examples: ['roll-call'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: rollCall,
  },
  {
    name: 'here',
    words: ['here', 'i am here', "i'm here"],
    summary: 'Answer the roll-call',
    examples: ['here'],
    effect: 'changes',
    may: 'anyone',
    read,
    run: here,
  },
  {
    name: 'delegate',
    words: ['delegate', 'lend'],
    summary: 'Lend one of your roles to somebody for a while, in this incident',
    examples: ['delegate approver to Isaiah Langer until 18:00', 'delegate back'],
    effect: 'changes',
    may: 'anyone',
    read,
    run: delegate,
  },
  {
    name: 'break glass',
    words: ['break glass', 'break-glass', 'breakglass'],
    summary: 'Go ahead alone, where your role may: with a reason, and a review by somebody else',
    examples: ['break glass the shop loses orders and nobody answers'],
    effect: 'changes',
    may: 'anyone',
    read,
    run: breakGlass,
  },
  {
    name: 'sign review',
    words: ['sign review', 'sign', 'review'],
    summary: 'Sign that you have reviewed a break-glass',
    examples: ['sign review it was right'],
    effect: 'changes',
    may: 'anyone',
    read,
    run: signReview,
  },
  {
    name: 'note',
    words: ['note', 'remember'],
    summary: 'Add your own words to the timeline',
    examples: ['note the vendor is on the phone'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: note,
  },
  {
    name: 'amend',
    words: ['amend', 'correct'],
    summary: 'Correct an entry of the timeline: it stays, and what is right stands beside it',
    examples: ['amend #12 it was the staging database'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: amend,
  },
];

/** The command that starts a runbook, in the runbook's own words. */
const starting = (runbook: Runbook): Command => ({
  ...runbook.command,
  ...{ effect: 'changes', may: DECIDES, read },
  run: (desk, turn, rest) => start(desk, turn, runbook, rest),
});

/** Every command of a bot with these runbooks; help, permissions and reading come from here. */
export function commandsOf(runbooks: ReadonlyMap<string, Runbook>): readonly Command[] {
  const commands: readonly Command[] = [...[...runbooks.values()].map(starting), ...STEERING, ...AT_HAND];
  const helping: Command = {
    name: 'help',
    words: ['help', 'commands', 'what can you do', '?'],
    summary: 'What you can do here',
    examples: ['help'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: async (desk, turn, rest) =>
      (await offerTriage(desk, turn, rest)) ?? help(desk, turn, [...commands, helping]),
  };
  return [...commands, helping];
}

/** The commands that a person may use. */
const allowed = (commands: readonly Command[], person: Person): readonly Command[] =>
  commands.filter(({ may }) => roleRefusal(person, may) === null);

/** Does what words ask for; never answers with silence. */
export async function obey(desk: Desk, turn: Turn, words: string): Promise<Worked> {
  const commands = commandsOf(desk.engine.runbooks);
  const asked = readCommand(words, commands);
  if (asked.kind === 'empty') return help(desk, turn, commands);
  if (asked.kind === 'unknown') {
    const { typed, nearest } = asked;
    const looked = await offerTriage(desk, turn, words);
    if (looked) return looked;
    const mine = allowed(commands, turn.asker.person);
    await notice(desk, turn, {
      title: 'I do not know that command',
      words: `“${typed}”. ${nearest ? `Did you mean “${nearest.name}”?` : 'These are some that I know:'}`,
      tone: 'warning',
      choices: [...(nearest ? [nearest] : mine.slice(0, 4)), helpCommand].map(
        ({ name, words: [say = name] }) => ({ label: name, action: { verb: 'say', words: say } }),
      ),
    });
    return 'done';
  }
  const { spec, rest } = asked;
  const refusal = roleRefusal(turn.asker.person, spec.may);
  if (refusal === null) return spec.run(desk, turn, spec.read(rest), words);
  await notice(desk, turn, { title: `Not done: ${spec.name}`, words: refusal, tone: 'warning' });
  return 'done';
}

const helpCommand = { name: 'help', words: ['help'] } as const;
