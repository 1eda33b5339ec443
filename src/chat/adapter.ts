import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationConstants,
  AuthenticationError,
  ClaimsIdentity,
  type ConnectorClient,
} from 'botframework-connector';
import { pastTheFence } from '../fence';
import { botbuilderSettings, type Credentials } from './credentials';

/** The way in and out of Teams by the Bot Framework protocol. */
export interface Adapter {
  /**
   * Checks an activity's token and runs a turn on it; gives the answer to an invoke.
   * @throws AuthenticationError when the token is missing or not good.
   */
  readonly receive: (
    authorization: string,
    activity: Activity,
    turn: (context: TurnContext) => Promise<void>,
  ) => Promise<InvokeResponse | undefined>;
  /** A client for one of Teams' service URLs that sends each request once and never tries again by itself. */
  readonly connector: (serviceUrl: string) => Promise<ConnectorClient>;
}

/** The adapter for these credentials; without any, tokens are neither asked for nor sent. */
export function createAdapter(credentials: Credentials | null): Adapter {
  const authentication = new StrictAuthentication(credentials);
  const cloud = new OpenAdapter(authentication);
  const identity = new ClaimsIdentity(
    credentials ? [{ type: AuthenticationConstants.AudienceClaim, value: credentials.appId }] : [],
    true,
  );
  const audience =
    credentials?.channel?.['ToChannelFromBotOAuthScope'] ??
    AuthenticationConstants.ToChannelFromBotOAuthScope;
  return {
    receive: (authorization, activity, turn) => cloud.take(authorization, activity, turn),
    connector: async (serviceUrl) => {
      const factory = authentication.createConnectorFactory(identity);
      const client = await factory.create(serviceUrl, audience);
      const { pipeline } = client['client'];
      // The client repeats a POST after a 5xx answer, which can put the same message into the channel twice.
      pipeline.removePolicy({ name: 'defaultRetryPolicy' });
      pipeline.addPolicy(atTheFence, { afterPhase: 'Sign' });
      // HTTPS_PROXY may point at a proxy for Azure alone; the pipeline would send even http://127.0.0.1 through it.
      if (isLoopbackUrl(serviceUrl)) pipeline.removePolicy({ name: 'proxyPolicy' });
      return client;
    },
  };
}

/** Looks, just before a request leaves, whether this process may still speak for the bot. */
const atTheFence = { name: 'atTheFence', sendRequest: pastTheFence };

/** Gives access to a turn without HTTP around it, so that every answer's words are ours. */
class OpenAdapter extends CloudAdapter {
  take(authorization: string, activity: Activity, turn: (context: TurnContext) => Promise<void>) {
    return this.processActivity(authorization, activity, turn);
  }
}

const TOKEN_ERRORS = ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError', 'SyntaxError'];

/**
 * Botbuilder's token check with two holes closed: a badly signed token is an authentication error (it would end as
 * status 500), and an authenticated activity must come with the service URL that its token names.
 */
class StrictAuthentication extends ConfigurationBotFrameworkAuthentication {
  constructor(private readonly credentials: Credentials | null) {
    super(botbuilderSettings(credentials), credentials?.tokens);
  }

  override async authenticateRequest(
    activity: Activity,
    authorization: string,
  ): Promise<AuthenticateRequestResult> {
    const result = await super.authenticateRequest(activity, authorization).catch((error: unknown) => {
      if (error instanceof Error && TOKEN_ERRORS.includes(error.name))
        throw new AuthenticationError('The token is not good.', 401);
      throw error;
    });
    const bound = result.claimsIdentity.getClaimValue(AuthenticationConstants.ServiceUrlClaim);
    if (this.credentials && bound !== activity.serviceUrl)
      throw new AuthenticationError('The token is for another service URL.', 401);
    return result;
  }
}

/** Whether a URL leads to this machine. */
export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}

/** Whether an IP address is this machine's own, IPv4 in IPv6 spelling included. */
export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
