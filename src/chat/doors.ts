import type { InvokeResponse } from 'botbuilder';
import { z } from 'zod/v4';
import type { Directory } from '../engine/directory';
import type { Engine } from '../engine/engine';
import { askerOf, NOBODY } from './asker';
import { isForBot } from './for-bot';
import { cardAnswer, type Doors, messageAnswer } from './gateway';
import type { Inbox } from './inbox';
import type { Incoming } from './incoming';
import { keepMessage, taskAnswer } from './keep-message';
import { type createPresses, type Pressed, readPress } from './press';
import type { References } from './references';
import { withoutSecretsIn } from './without-secrets-in';

const invoked = z.looseObject({
  action: z.looseObject({ verb: z.string().max(100).optional(), data: z.unknown() }),
});
const refreshed = z.looseObject({ card: z.string().min(1).max(500) });

const UNREADABLE =
  'This button carries nothing that the bot can read. Nothing was changed. Type "@dr status".';

/** What is done while Teams waits: what was said is kept, what was pressed is answered from the store. */
export function createDoors(ports: {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly inbox: Inbox;
  readonly references: References;
  readonly presses: ReturnType<typeof createPresses>;
  readonly now: () => Date;
  /** Tells whoever works in the background that there is something to do. */
  readonly wake: () => void;
}): Doors {
  const { engine, directory, inbox, references, presses, now, wake } = ports;

  const keep = async (
    kind: 'message' | 'press' | 'installed',
    activity: Incoming,
    key: string,
  ): Promise<void> => {
    if (await inbox.add(kind, activity, key, now())) wake();
  };

  async function pressed(activity: Incoming): Promise<Pressed> {
    const asker = await askerOf(activity, directory);
    if (!asker) return { words: NOBODY };
    const read = invoked.safeParse(activity.value);
    if (!read.success) return { words: UNREADABLE };
    const { verb, data } = read.data.action;
    if (verb === 'refresh') {
      const asked = refreshed.safeParse(data);
      return asked.success ? presses.refresh(asker, asked.data.card) : { words: UNREADABLE };
    }
    const press = readPress(withoutSecretsIn(data));
    return press ? presses.press(asker, press, (key) => keep('press', activity, key)) : { words: UNREADABLE };
  }

  return {
    message: async (activity) => {
      await references.remember(activity, now());
      if (!isForBot(activity)) return;
      // Without an id Teams cannot send it again under the same one, so there is nothing to compare it by.
      await keep('message', activity, activity.id ?? `at:${now().toISOString()}`);
    },
    press: async (activity): Promise<InvokeResponse> => {
      await references.remember(activity, now());
      const answer = await pressed(activity);
      wake();
      return { status: 200, body: 'card' in answer ? cardAnswer(answer.card) : messageAnswer(answer.words) };
    },
    kept: async (activity): Promise<InvokeResponse> => {
      await references.remember(activity, now());
      const asker = await askerOf(activity, directory);
      const words = asker ? await keepMessage(engine, asker, activity, now()) : NOBODY;
      return { status: 200, body: taskAnswer(words) };
    },
    installed: async (activity) => {
      await references.remember(activity, now());
      await keep('installed', activity, activity.id ?? `at:${now().toISOString()}`);
    },
  };
}
