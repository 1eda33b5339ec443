import { randomUUID } from 'node:crypto';
import type { Activity, InvokeResponse, TurnContext } from 'botbuilder';
import { AuthenticationError } from 'botframework-connector';
import type { Logger } from 'pino';
import type { Adapter } from './adapter';
import { admit, type Delivery } from './admit';
import type { Credentials } from './credentials';
import { type Degraded, degradedWords } from './degraded';
import { isForBot } from './for-bot';
import type { Incoming } from './incoming';
import { taskAnswer } from './keep-message';
import type { Reply } from './reply';
import { createRouter } from './router';

/** What is done with an activity that may come in. It must be quick: Teams waits for it. */
export interface Doors {
  readonly message: (activity: Incoming) => Promise<void>;
  readonly press: (activity: Incoming) => Promise<InvokeResponse>;
  readonly kept: (activity: Incoming) => Promise<InvokeResponse>;
  readonly installed: (activity: Incoming) => Promise<void>;
}

/** The way of an activity from HTTP to the doors and of its answer back. */
export function createGateway(
  adapter: Adapter,
  ports: {
    readonly credentials: Credentials | null;
    readonly doors: Doors;
    readonly degraded: Pick<Degraded, 'tell'>;
    readonly log: Logger;
  },
): (delivery: Delivery) => Promise<Reply> {
  const { credentials, doors, degraded, log } = ports;
  // What was admitted travels beside the turn: botbuilder hands on its own copy, with dates in place of texts.
  const admitted = new WeakMap<object, Incoming>();
  const read = ({ activity }: TurnContext): Incoming => {
    const known = admitted.get(activity);
    if (!known) throw new Error('A turn was run on an activity that was not admitted.');
    return known;
  };
  const route = createRouter({
    message: (context) => doors.message(read(context)),
    press: (context) => doors.press(read(context)),
    kept: (context) => doors.kept(read(context)),
    installed: (context) => doors.installed(read(context)),
  });

  return async (delivery) => {
    const admission = admit(delivery, credentials);
    if ('status' in admission) {
      log.warn({ status: admission.status, from: delivery.from }, 'An activity was refused.');
      return refusal(admission.status, admission.words);
    }
    const activity = { ...admission.activity } as unknown as Activity;
    admitted.set(activity, admission.activity);
    try {
      const answer = await adapter.receive(delivery.authorization, activity, route);
      if (answer?.status === 501)
        return refusal(400, `"${admission.activity.name ?? ''}" is not something this bot does.`);
      return answer ? { status: answer.status, body: answer.body } : { status: 200 };
    } catch (error) {
      return failure(error, admission.activity);
    }
  };

  function failure(error: unknown, activity: Incoming): Reply {
    if (error instanceof AuthenticationError) {
      log.warn({ problem: error.message }, 'An activity without a good token was refused.');
      return refusal(401, 'The request does not carry a good token of the Bot Framework for this bot.');
    }
    const isMeant = activity.type !== 'message' || isForBot(activity);
    if (isMeant && degraded.tell(error, activity)) {
      log.error({ err: error, type: activity.type }, 'The store does not answer: an activity was not taken.');
      const words = degradedWords(error);
      return activity.type === 'invoke' ? invokeAnswer(activity, words) : refusal(503, words);
    }
    const id = randomUUID().slice(0, 8);
    log.error({ err: error, id, type: activity.type }, 'An activity could not be handled.');
    const words = `Something went wrong here (id ${id}). Nothing was changed.`;
    return activity.type === 'invoke' ? invokeAnswer(activity, words) : refusal(500, words);
  }
}

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });

/** Words in the form in which Teams shows them for what was invoked. */
const invokeAnswer = ({ name }: Incoming, words: string): Reply => ({
  status: 200,
  body: name?.startsWith('composeExtension/') ? taskAnswer(words) : messageAnswer(words),
});

/** The body of an answer to `adaptiveCard/action` that shows words beside the card. */
export const messageAnswer = (words: string) => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value: words,
});

/** The body of an answer to `adaptiveCard/action` that shows the person who pressed another card in its place. */
export const cardAnswer = (card: unknown) => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.card.adaptive',
  value: card,
});
