import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** As Node.js keeps connections where there is no proxy: for so many milliseconds without use. */
const KEPT = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const;

/** Always for HTTPS, which it would otherwise find out from a stack trace, for each request anew. */
class KeptAgent extends HttpsProxyAgent<string> {
  constructor(proxy: string) {
    super(proxy, KEPT);
    // The agent forgets what it was told, and would keep its connections for ever.
    Object.assign(this.options, KEPT);
  }

  override isSecureEndpoint(): boolean {
    return true;
  }
}

const made = new Map<string, KeptAgent>();

/**
 * Keeps connections through a proxy open between requests, one pool for all clients. The SDKs' own agent opens a tunnel,
 * with its handshakes, for every request.
 */
export const keptConnections: PipelinePolicy = {
  name: 'keptConnections',
  sendRequest(request, next) {
    if (request.agent instanceof HttpsProxyAgent && !(request.agent instanceof KeptAgent)) {
      const { href } = request.agent.proxy;
      const agent = made.get(href) ?? new KeptAgent(href);
      made.set(href, agent);
      request.agent = agent;
    }
    return next(request);
  },
};
