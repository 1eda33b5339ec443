// The package's index loads its AI parts too: twice the time to start and 20 MB more.
import { Application } from '@microsoft/teams-ai/lib/Application';
import type { InvokeResponse, TurnContext } from 'botbuilder';

/** What is done about each kind of activity; told apart by the router alone. */
export interface Routes {
  readonly message: (context: TurnContext) => Promise<void>;
  /** A button of a card, or a card's own request for a person's view; its answer goes to that person only. */
  readonly press: (context: TurnContext) => Promise<InvokeResponse>;
  /** "Add to the timeline" was chosen on a message. */
  readonly kept: (context: TurnContext) => Promise<InvokeResponse>;
  /** The bot was added somewhere, or people were. */
  readonly installed: (context: TurnContext) => Promise<void>;
}

/** What Teams calls an action on a message, by whether it is asked for a dialog first. */
const MESSAGE_ACTION = /^composeExtension\/(?:fetchTask|submitAction)$/;

/**
 * The routing of teams-ai's `Application` and nothing else of it: no turn state, no typing timer, no storage. Its
 * `adaptiveCards.actionExecute` is not used, because it sends a private card that has a `refresh` to everybody.
 */
export function createRouter(routes: Routes): (context: TurnContext) => Promise<void> {
  const application = new Application({
    removeRecipientMention: false,
    startTypingTimer: false,
    longRunningMessages: false,
  });
  application.addRoute(
    async ({ activity }) => activity.type === 'invoke' && activity.name === 'adaptiveCard/action',
    async (context) => {
      await context.sendActivity({ type: 'invokeResponse', value: await routes.press(context) });
    },
    true,
  );
  application.addRoute(
    async ({ activity }) => activity.type === 'invoke' && MESSAGE_ACTION.test(activity.name ?? ''),
    async (context) => {
      await context.sendActivity({ type: 'invokeResponse', value: await routes.kept(context) });
    },
    true,
  );
  application.activity('message', routes.message);
  application.activity(['conversationUpdate', 'installationUpdate'], routes.installed);
  return async (context) => {
    await application.run(context);
  };
}
