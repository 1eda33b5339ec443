import type { Person } from '../engine/approval';
import { roleRefusal } from './asker';
import { remove, restore } from './begin';
import { exportTimeline, help, status, timeline } from './look';
import { DECIDES } from './roles';
import { abort, keep, note, retry, skip, undo } from './steer';
import { type Desk, notice, type Turn, type Worked } from './turn';
import { type CommandSpec, readCommand } from './words/command';

/** A command: how it is said and who may say it, and what it does. */
export interface Command extends CommandSpec<string, string> {
  readonly run: (desk: Desk, turn: Turn, rest: string) => Promise<Worked>;
}

const read = (rest: string): string => rest;

/** Every command of the bot; its help, its permissions and its reading come from here. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'restore',
    words: ['restore', 'roll back', 'rollback'],
    summary: 'Bring a database back to an earlier moment',
    examples: ['restore db to 10:00', 'restore db to yesterday 6pm', 'restore db to 10 minutes ago'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: restore,
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
    name: 'remove',
    words: ['remove', 'clean up', 'cleanup', 'delete'],
    summary: 'Remove a database that a restore left behind',
    examples: ['remove'],
    effect: 'changes',
    may: DECIDES,
    read,
    run: remove,
  },
  {
    name: 'help',
    words: ['help', 'commands', 'what can you do', '?'],
    summary: 'What you can do here',
    examples: ['help'],
    effect: 'reads',
    may: 'anyone',
    read,
    run: (desk, turn) => help(desk, turn, commandsFor(turn.asker.person)),
  },
];

/** The commands that a person may use. */
export const commandsFor = (person: Person): readonly Command[] =>
  COMMANDS.filter(({ may }) => roleRefusal(person, may) === null);

/** Does what words ask for; never answers with silence. */
export async function obey(desk: Desk, turn: Turn, words: string): Promise<Worked> {
  const asked = readCommand(words, COMMANDS);
  if (asked.kind === 'empty') return help(desk, turn, commandsFor(turn.asker.person));
  if (asked.kind === 'unknown') {
    const { typed, nearest } = asked;
    await notice(desk, turn, {
      title: 'I do not know that command',
      words: `“${typed}”. ${nearest ? `Did you mean “${nearest.name}”?` : 'These are some that I know:'}`,
      tone: 'warning',
      choices: [...(nearest ? [nearest] : commandsFor(turn.asker.person).slice(0, 4)), helpCommand].map(
        ({ name, words: [say = name] }) => ({ label: name, action: { verb: 'say', words: say } }),
      ),
    });
    return 'done';
  }
  const { spec, rest } = asked;
  const refusal = roleRefusal(turn.asker.person, spec.may);
  if (refusal === null) return spec.run(desk, turn, spec.read(rest));
  await notice(desk, turn, { title: `Not done: ${spec.name}`, words: refusal, tone: 'warning' });
  return 'done';
}

const helpCommand = { name: 'help', words: ['help'] } as const;
