import type { Person } from '../engine/approval';
import { listedRoles } from '../engine/approval';
import type { RollCall } from '../readiness/roll-calls';
import { chatWith } from './addresses';
import { drawRollCall } from './cards/draw-roll-call';
import { type Desk, notice, type Turn, type Worked } from './turn';

/** Asks everybody who may have to approve for a harmless vote, in this conversation and in their own chats. */
export async function rollCall(desk: Desk, turn: Turn): Promise<Worked> {
  const { person: by, conversation } = turn.asker;
  const people = approversOf(desk).filter(({ id }) => id !== by.id);
  if (people.length === 0) {
    await notice(desk, turn, {
      title: 'Nobody to ask',
      words: 'The estate names nobody but you who may approve. Add people to it, and their roles.',
      tone: 'warning',
    });
    return 'done';
  }
  await desk.rollCalls.open({ id: idOf(turn), by, at: turn.at, conversation, people });
  return show(desk, idOf(turn));
}

/** Counts somebody as here: in the roll-call that the button is of, else in the newest one. */
export async function here(desk: Desk, turn: Turn, rest: string): Promise<Worked> {
  const named = rest.split(' ')[0] ?? '';
  const id = named === '' ? ((await desk.rollCalls.last())?.id ?? '') : named;
  const answered = await desk.rollCalls.answer(id, turn.asker.person.id, turn.at);
  if (answered === 'counted' || answered === 'counted before') return show(desk, id);
  await notice(desk, turn, {
    title: 'Not counted',
    words:
      answered === 'not asked'
        ? 'This roll-call asks those who may approve, and you are not among them.'
        : 'There is no roll-call to answer. "@dr roll-call" begins one.',
    tone: 'info',
  });
  return 'done';
}

async function show(desk: Desk, id: string): Promise<Worked> {
  const call = await desk.rollCalls.find(id);
  if (!call) return 'done';
  const places = [
    { id: `roll-call:${id}`, conversation: call.conversation },
    ...call.people.map((person) => ({
      id: `roll-call:${id}@${person.id}`,
      conversation: chatWith(person.id),
    })),
  ];
  const messages = await Promise.all(
    places.map(async (place) => ({
      ...place,
      version: versionOf(call),
      content: { card: await desk.tokens.draw(place.id, null, (sign) => drawRollCall(call, sign)) },
    })),
  );
  await desk.outbox.put(messages);
  return 'done';
}

const versionOf = ({ people }: RollCall): string => JSON.stringify(people.map(({ afterMs }) => afterMs));

/** Without the characters that could not be typed again. */
const idOf = (turn: Turn): string => turn.id.replace(/[^\w-]/g, '-');

/** Everybody with a role that some gate asks for. */
function approversOf({ estate, directory }: Desk): readonly Person[] {
  const asked = new Set(
    estate.apps.flatMap((app) => Object.values(app.gates)).flatMap((policy) => listedRoles(policy)),
  );
  return directory.people().filter(({ roles }) => roles.some((role) => asked.has(role)));
}
