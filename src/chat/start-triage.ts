import type { Estate, ProtectedApp } from '../engine/estate';
import type { Answers, Question } from '../readiness/triage/answers';
import { troubleIn } from '../readiness/triage/trouble';
import { type Desk, notice, type Turn, type Worked } from './turn';

/** Begins a triage; what the person states by the way ("data is gone") is kept as their answer. */
export async function startTriage(desk: Desk, turn: Turn, words: string): Promise<Worked> {
  const app = appMeant(desk.estate, turn, words);
  if (app) {
    await desk.triages.open(turn, app, answersIn(turn, words));
    return 'done';
  }
  await notice(desk, turn, {
    title: 'Which app is it about?',
    words: 'Choose one. A triage only looks; nothing is changed by it.',
    tone: 'info',
    choices: desk.estate.apps.slice(0, 8).map(({ name, title }) => ({
      label: title,
      action: { verb: 'say', words: `triage ${name}: ${words}` },
    })),
  });
  return 'done';
}

/** Looks at once when words tell of a disaster, and offers to when they may; null when they do not. */
export async function offerTriage(desk: Desk, turn: Turn, words: string): Promise<Worked | null> {
  const trouble = troubleIn(words);
  if (!trouble) return null;
  if (trouble.sure) return startTriage(desk, turn, words);
  await notice(desk, turn, {
    title: 'Shall I look at what is wrong?',
    words: 'It takes seconds, changes nothing, and ends in what to do.',
    tone: 'info',
    choices: [
      { label: 'Yes, look', action: { verb: 'say', words: `triage ${words}` } },
      { label: 'help', action: { verb: 'say', words: 'help' } },
    ],
  });
  return 'done';
}

/** The app that is named, else the one whose channel this is, else the only one. */
function appMeant({ apps }: Estate, { asker }: Turn, words: string): ProtectedApp | undefined {
  const said = new Set(words.toLowerCase().split(/[\s,.:;!?]+/));
  return (
    apps.find(({ name }) => said.has(name.toLowerCase())) ??
    apps.find(({ channel }) => asker.conversation.startsWith(channel)) ??
    (apps.length === 1 ? apps[0] : undefined)
  );
}

function answersIn({ asker, at }: Turn, words: string): Answers {
  const said = troubleIn(words)?.said ?? {};
  return Object.fromEntries(
    (Object.entries(said) as [Question, 'yes' | 'no' | 'unsure'][]).map(([question, value]) => [
      question,
      { value, by: asker.person.name, at: at.toISOString().replace(/\.\d+Z$/, 'Z'), how: 'said' },
    ]),
  );
}
