import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { answer, type ConnectorState, failure, type HttpAnswer, limitOf } from './connector';
import { parsed } from './delivery';
import { type Call, createFaults, type Fault } from './faults';
import { createLimiter } from './limits';

/** What the connector's HTTP server is given; `documents` are the OpenID paths it serves beside the connector. */
export type ConnectorServerOptions = {
  readonly port: number;
  readonly now: () => Date;
  readonly limits: boolean;
  readonly state: (serviceUrl: string) => ConnectorState;
  readonly documents: (path: string, serviceUrl: string) => unknown;
  /** Whether an outbound `Authorization` header is good enough. */
  readonly admits: (authorization: string | undefined) => boolean;
};

/** The Bot Connector over HTTP on 127.0.0.1, with Teams' limits and the faults that are laid. */
export async function serveConnector(options: ConnectorServerOptions) {
  const { now } = options;
  const faults = createFaults();
  const waitFor = createLimiter();
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      send(response, failure(500, 'InternalServerError', String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = options.state(url);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const document = options.documents(target.pathname, url);
    if (document !== undefined) return send(response, { status: 200, body: document });

    const path = target.pathname.split('/').slice(1).map(decodeURIComponent);
    const method = request.method ?? 'GET';
    const { authorization } = request.headers;
    const body = parsed(Buffer.concat(chunks).toString());
    const called = {
      at: now().toISOString(),
      method,
      path: `/${path.join('/')}`,
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { body }),
    };
    const fault = faults.strike(method, called.path);
    if (fault?.delay !== undefined) await wait(fault.delay, undefined, { ref: false });
    const truth = (): HttpAnswer => {
      if (!options.admits(authorization)) {
        return failure(401, 'Unauthorized', 'Authorization has been denied for this request.');
      }
      const parts = { method, path, query: target.searchParams, body };
      return refusedForNow(parts) ?? answer(state, parts);
    };
    const heard = hear(fault, truth);
    calls.push({ ...called, status: heard === 'reset' ? 0 : heard.status });
    if (heard === 'reset') request.socket.destroy();
    else send(response, heard);
  }

  function refusedForNow(parts: Parameters<typeof answer>[1]): HttpAnswer | undefined {
    const limited = options.limits ? limitOf(parts) : undefined;
    if (limited === undefined) return undefined;
    const seconds = waitFor(limited.operation, limited.conversation, now().getTime());
    if (seconds === 0) return undefined;
    const refused = failure(429, 'Throttled', 'Too many requests to this conversation.');
    return { ...refused, headers: { 'retry-after': String(seconds) } };
  }

  return {
    url,
    state,
    fail: (fault: Fault) => faults.lay(fault),
    calls: (): readonly Call[] => [...calls],
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function hear(fault: Fault | undefined, truth: () => HttpAnswer): HttpAnswer | 'reset' {
  if (fault?.answer === undefined) return truth();
  if (fault.effect === 'done') truth();
  return fault.answer;
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  if (response.headersSent || response.destroyed) return;
  // Two statements: restify, in the same process, replaces `writeHead` by one that returns nothing.
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
