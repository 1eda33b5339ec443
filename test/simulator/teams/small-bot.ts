import type { AddressInfo } from 'node:net';
import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type TurnContext,
} from 'botbuilder';
import { createServer, plugins } from 'restify';
import { startTeams, type Teams, type TeamsOptions } from '../../../src/simulator/teams/teams';

/** How a small bot answers: to a message, and to an `adaptiveCard/action`. */
export type SmallBot = {
  readonly onMessage?: (context: TurnContext, bot: BotAtWork) => Promise<void>;
  readonly onExecute?: (context: TurnContext, action: Execute, bot: BotAtWork) => Promise<unknown>;
  readonly settings?: (teams: Teams) => Readonly<Record<string, string>>;
};

type Execute = { readonly verb?: string; readonly data?: Readonly<Record<string, unknown>> };
export type BotAtWork = {
  readonly adapter: CloudAdapter;
  readonly received: readonly TurnContext['activity'][];
};

/** Teams with a bot in it, built of botbuilder's CloudAdapter and restify as a real one is; `close` ends both. */
export async function teamsWith(small: SmallBot, options: Partial<TeamsOptions> = {}) {
  const server = createServer();
  server.use(plugins.bodyParser());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
  const teams = await startTeams({ botEndpoint: endpoint, ...options });

  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication(small.settings?.(teams) ?? {}),
  );
  const received: TurnContext['activity'][] = [];
  const failures: unknown[] = [];
  adapter.onTurnError = async (_context, error) => {
    failures.push(error);
  };
  const work: BotAtWork = { adapter, received };
  const handler = new ActivityHandler();
  handler.onMessage(async (context, next) => {
    await small.onMessage?.(context, work);
    await next();
  });
  server.post('/api/messages', async (request, response) => {
    const { body, headers, method = 'POST' } = request;
    await adapter.process({ body, headers, method }, response, async (context) => {
      received.push(context.activity);
      if (context.activity.type !== 'invoke') return handler.run(context);
      const { action } = context.activity.value as { action: Execute };
      const card = await small.onExecute?.(context, action, work);
      const answer = { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card };
      await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body: answer } });
    });
  });
  const close = async () => {
    await teams.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { teams, adapter, received, failures, endpoint, close };
}
