import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { WebSiteManagementClient } from '@azure/arm-appservice';
import { ManagementLockClient } from '@azure/arm-locks';
import { MonitorClient } from '@azure/arm-monitor';
import { SqlManagementClient } from '@azure/arm-sql';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelinePolicy,
} from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { demoCredentials, demoSubscription } from '../../src/simulator/seed';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator';

export const group = 'apprequest-prod';
export const server = 'sql-apprequest-prod-demo01';
export const app = 'apprequest-prod-demo01';
export const groupPath = `/subscriptions/${demoSubscription}/resourceGroups/${group}`;
export const serverPath = `${groupPath}/providers/Microsoft.Sql/servers/${server}`;
export const portal = `${serverPath}/databases/AppRequestPortal`;
export const sitePath = `${groupPath}/providers/Microsoft.Web/sites/${app}`;
export const drServer = 'sql-apprequest-dr-demo01';
export const drServerPath = `/subscriptions/${demoSubscription}/resourceGroups/apprequest-dr/providers/Microsoft.Sql/servers/${drServer}`;
export const sqlVersion = '2022-08-01-preview';

/** So fast that every operation has ended by the time anyone asks. */
export const atOnce = 1e9;

/**
 * Options that send any SDK client through a simulator in this same process. Node reads NODE_EXTRA_CA_CERTS only as it
 * starts, and the SDK's own proxy support takes no CA, so here an agent does what the environment does for a process.
 */
function throughSimulator({ proxyUrl, caFile }: Pick<Simulator, 'proxyUrl' | 'caFile'>) {
  const { hostname, port } = new URL(proxyUrl);
  const ca = readFileSync(caFile);
  class TunnelAgent extends Agent {
    override createConnection(
      options: AgentOptions,
      callback?: (error: Error | null, socket: Socket) => void,
    ) {
      const { host = '' } = options;
      const tunnel = httpRequest({
        host: hostname,
        port,
        method: 'CONNECT',
        path: `${host}:443`,
        agent: false,
      });
      tunnel.once('connect', (answer, socket) => {
        if (answer.statusCode === 200) {
          callback?.(null, tlsConnect({ host, servername: host, ca, socket }));
        } else {
          socket.destroy();
          callback?.(new Error(`The proxy answered ${answer.statusCode} for ${host}.`), socket);
        }
      });
      tunnel.once('error', (error) => callback?.(error, tunnel.socket ?? new Socket()));
      tunnel.end();
      return undefined;
    }
  }
  const agent = new TunnelAgent({ keepAlive: true });
  const policy: PipelinePolicy = {
    name: 'throughSimulator',
    sendRequest: async (request, next) => {
      request.agent = agent;
      return await next(request);
    },
  };
  return { additionalPolicies: [{ policy, position: 'perRetry' as const }] };
}

const opened: (() => Promise<void>)[] = [];

// Also after a failure: a server left listening would keep the test run from ending.
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/**
 * A simulator, the SDK's clients on it, and raw requests to it; all over the CONNECT proxy and TLS, as in life. Unless
 * told otherwise, every operation has ended by the next request.
 */
export async function openAzure(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ speed: atOnce, now: strictClock(), ...options });
  opened.push(simulator.close);
  const common = { ...throughSimulator(simulator), retryOptions: { maxRetries: 0 } };
  const { tenantId, clientId, clientSecret } = demoCredentials;
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, common);
  const pipeline = createPipelineFromOptions({ retryOptions: common.retryOptions });
  for (const { policy } of common.additionalPolicies) {
    pipeline.addPolicy(policy, { phase: 'Retry' });
  }
  const client = createDefaultHttpClient();

  const send = async (
    method: HttpMethods,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const request = createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders({
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      }),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await pipeline.sendRequest(client, request);
    const text = response.bodyAsText ?? '';
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers.toJSON(), text, json };
  };
  const arm = async (
    method: HttpMethods,
    path: string,
    {
      body,
      version = sqlVersion,
      headers = {},
    }: { body?: unknown; version?: string; headers?: Record<string, string> } = {},
  ) => {
    const token = await credential.getToken('https://management.azure.com/.default');
    const url = `https://management.azure.com${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;
    return await send(method, url, body, { authorization: `Bearer ${token.token}`, ...headers });
  };
  return {
    simulator,
    common,
    credential,
    sql: new SqlManagementClient(credential, demoSubscription, common),
    web: new WebSiteManagementClient(credential, demoSubscription, common),
    locks: new ManagementLockClient(credential, demoSubscription, common),
    monitor: new MonitorClient(credential, demoSubscription, common),
    send,
    arm,
    health: async () => await send('GET', `https://${app}.azurewebsites.net/health`),
    control: async (method: string, path: string, body?: unknown) =>
      await fetch(`${simulator.controlUrl}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: simulator.close,
  };
}

/** The real time, but later whenever anybody looks: two requests in one millisecond would see an operation not yet ended. */
function strictClock(): () => Date {
  let last = 0;
  return () => {
    last = Math.max(Date.now(), last + 1);
    return new Date(last);
  };
}

/** A clock that stands still until it is moved. */
export function handClock(start = new Date()) {
  let time = start.getTime();
  return {
    now: () => new Date(time),
    advance: (ms: number) => {
      time += ms;
    },
  };
}

/** A moment so many minutes before now, as an ISO time. */
export function minutesAgo(minutes: number, now = new Date()): string {
  return new Date(now.getTime() - minutes * 60_000).toISOString();
}

/** The body of a point-in-time restore of the portal's database. */
export function restoreBody(point: string, properties: Record<string, unknown> = {}) {
  return {
    location: 'eastus',
    properties: {
      createMode: 'PointInTimeRestore',
      sourceDatabaseId: portal,
      restorePointInTime: point,
      ...properties,
    },
  };
}

/** The error code in an answer's body. */
export function codeOf(answer: { readonly json: unknown }): unknown {
  const error = (answer.json as { error?: { code?: unknown } } | undefined)?.error;
  return error?.code;
}

/** The path of an absolute address, such as a polling address in a header. */
export function pathOf(url: string | undefined): string {
  return new URL(url ?? '').pathname;
}
