import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { DECIDES, roleRefusal } from '../engine/may';
import { askerOf, NOBODY } from './asker';
import { openAsked } from './begin';
import { drawNotice } from './cards/draw-notice';
import { obey } from './command-list';
import type { Connector } from './connector';
import { addressee } from './for-bot';
import type { Letter } from './inbox';
import type { Incoming } from './incoming';
import { type createPresses, readPress } from './press';
import { type References, referenceIn } from './references';
import { saidAt } from './said-at';
import { submitForm } from './submit-form';
import { type Desk, notice, type Turn, type Worked } from './turn';
import { cleanMention } from './words/clean-mention';

const MOST_ATTEMPTS = 3;

const noButtons = (): string => '';

/** Works on what came in, after it was acknowledged. Everything it does can be done again without doing it twice. */
export function createWork(
  desk: Desk,
  ports: {
    readonly references: References;
    readonly connector: Connector;
    readonly presses: ReturnType<typeof createPresses>;
    readonly log: Logger;
  },
): (letter: Letter) => Promise<Worked> {
  const { references, connector, presses, log } = ports;

  return async (letter) => {
    try {
      return await work(letter);
    } catch (error) {
      const id = randomUUID().slice(0, 8);
      log.error(
        { err: error, id, letter: letter.id, attempt: letter.attempt },
        'Something that came in failed.',
      );
      if (letter.attempt < MOST_ATTEMPTS) return 'later';
      const turn = await turnOf(letter);
      if (turn)
        await notice(desk, turn, {
          title: 'Something went wrong here',
          words: `I could not do that (id ${id}). Type "@dr status" to see what is true now, then try again.`,
          tone: 'problem',
        });
      return 'done';
    }
  };

  async function work(letter: Letter): Promise<Worked> {
    if (letter.kind === 'installed') return installed(letter.activity);
    const turn = await turnOf(letter);
    if (!turn) return nameless(letter);
    if (letter.kind === 'press') return pressed(turn, letter.activity);
    return said(turn, letter.activity);
  }

  async function turnOf({ id, activity, receivedAt, kind }: Letter): Promise<Turn | null> {
    const asker = await askerOf(activity, desk.directory);
    if (!asker) return null;
    const form = kind === 'press' && activity.replyToId ? activity.replyToId : null;
    const { at } = saidAt(activity['timestamp'], receivedAt);
    return { id, asker, at: receivedAt, saidAt: at, author: asker.person, replaces: form };
  }

  /** Somebody whom Teams does not vouch for can do nothing, and is told so. */
  async function nameless({ id, activity }: Letter): Promise<Worked> {
    log.warn({ letter: id }, 'Teams did not say who a message is from.');
    const card = drawNotice({ title: 'Not done', words: NOBODY, tone: 'warning', sign: noButtons });
    const message = { id: `answer:${id}`, conversation: activity.conversation.id, content: { card } };
    await desk.outbox.put([message]);
    return 'done';
  }

  async function said(turn: Turn, activity: Incoming): Promise<Worked> {
    // An old client sends a button's data as a message without words.
    const press = activity.text?.trim() ? null : readPress(activity.value);
    if (press) return submitted(turn, activity, press);
    const { text, entities } = activity;
    const cleaned = cleanMention({ text: text ?? '', entities: entities ?? [] }, addressee(activity));
    if (cleaned.kind === 'words') return obey(desk, turn, cleaned.words);
    await notice(desk, turn, {
      title: 'That is too long for me',
      words: `${cleaned.length} characters; I read at most ${cleaned.limit}. Nothing was changed. Try "@dr help".`,
      tone: 'warning',
    });
    return 'done';
  }

  async function submitted(
    turn: Turn,
    activity: Incoming,
    press: NonNullable<ReturnType<typeof readPress>>,
  ): Promise<Worked> {
    const answered = await presses.press(turn.asker, press, async (key) => {
      await desk.inbox.add('press', activity, key, turn.at);
    });
    if ('private' in answered)
      await notice(desk, turn, {
        title: 'This Teams cannot show it to you alone',
        words:
          'A link to enter a secret is shown to nobody else. Press the button in a newer Teams, or in the browser.',
        tone: 'warning',
      });
    if ('words' in answered) await notice(desk, turn, { title: answered.words, words: '', tone: 'info' });
    return 'done';
  }

  async function pressed(turn: Turn, activity: Incoming): Promise<Worked> {
    const press = readPress(actionData(activity));
    const known = press && (await desk.tokens.look(press.token, turn.asker.person.id.toLowerCase()));
    if (!press || !known || !('action' in known)) return 'done';
    const { action } = known;
    if (action.verb === 'say') {
      const { said } = action;
      const words = said ? { author: said.by, saidAt: new Date(said.at) } : {};
      return obey(desk, { ...turn, ...words, replaces: null }, action.words);
    }
    if (action.verb === 'triage-look') await desk.triages.look(action, turn);
    if (action.verb === 'triage-answer') await desk.triages.recordAnswer(action, turn);
    if (roleRefusal(turn.asker.person, DECIDES)) return 'done';
    if (action.verb !== 'form' && action.verb !== 'request') return 'done';
    const { zone } = action.known;
    const asker = typeof zone === 'string' ? { ...turn.asker, zone, zoneKnown: true } : turn.asker;
    if (action.verb === 'form') return openAsked(desk, { ...turn, asker, replaces: null }, action);
    return submitForm(desk, { ...turn, asker }, action, press.inputs);
  }

  /** Learns who is there, so that people can be shown their own view of a card before they ever wrote. */
  async function installed(activity: Incoming): Promise<Worked> {
    const reference = referenceIn(activity);
    if (reference.kind !== 'channel') return 'done';
    const members = await connector.members(reference, reference.team ?? activity.conversation.id);
    if (members.kind === 'done') await references.meet(members.value, desk.now());
    else
      log.warn(
        { problem: members.problem },
        'The members of a team could not be read; they are met when they write.',
      );
    return 'done';
  }
}

/** What a pressed button sent, in an invoke or in an old client's message. */
function actionData(activity: Incoming): unknown {
  const { value } = activity;
  if (typeof value !== 'object' || value === null) return null;
  const action = 'action' in value ? value.action : null;
  return typeof action === 'object' && action !== null && 'data' in action ? action.data : value;
}
