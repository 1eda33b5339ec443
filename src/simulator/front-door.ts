import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { errorBody } from './azure-error';
import type { Fault, Faults } from './faults';
import { type HostAnswer, type HostRequest, type Hosts, handlerFor } from './host';
import type { Journal } from './journal';
import { parseJson } from './json';

/** What the front door leans on. */
export interface FrontDoor {
  readonly hosts: Hosts;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly now: () => Date;
  /** Makes every token issued so far worthless. */
  readonly expireTokens: () => void;
  /** Extra milliseconds before an answer of this host is sent. */
  readonly latency: (host: string) => number;
  /** Called when a request's effect has been applied, before it is answered. */
  readonly settled: (request: HostRequest) => void;
  readonly log: (line: string) => void;
  readonly closing: AbortSignal;
}

const LARGEST_BODY = 4 * 1_024 * 1_024;

/** Receives every HTTPS request: fault, effect, journal, disk, and only then the answer. */
export function createFrontDoor(door: FrontDoor): RequestListener {
  return (message, response) => {
    serve(door, message, response).catch((error: unknown) => {
      if (!door.closing.aborted) {
        door.log(
          `error: ${message.method} ${message.url}: ${error instanceof Error ? error.stack : String(error)}`,
        );
      }
      message.socket.destroy();
    });
  };
}

async function serve(door: FrontDoor, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await read(message);
  const target = `${request.host}${request.path}`;
  const fault = door.faults.take(request.method, target);
  if (fault?.tokensExpire === true) {
    door.expireTokens();
  }
  const spared =
    fault === undefined || fault.when === 'after' || (fault.status === undefined && fault.reset !== true);
  await held(door, fault?.effectDelayMs ?? 0);
  const answer = spared ? await answerOf(door, request) : refusal(fault);
  const finish = door.journal.record({
    time: door.now().toISOString(),
    method: request.method,
    url: `https://${request.host}${request.url}`,
    body: request.body ?? (request.text === '' ? undefined : request.text),
    clientRequestId: request.headers['x-ms-client-request-id'],
  });
  door.settled(request);

  await held(door, (fault?.delayMs ?? 0) + door.latency(request.host) + (answer.afterMs ?? 0));
  if (fault?.reset === true || answer.hangsUp === true) {
    message.socket.destroy();
    return;
  }
  const sent =
    fault !== undefined && fault.when === 'after' && fault.status !== undefined ? refusal(fault) : answer;
  finish(sent);
  send(response, sent);
}

async function held({ closing }: FrontDoor, ms: number): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal: closing, ref: false });
}

async function answerOf(door: FrontDoor, request: HostRequest): Promise<HostAnswer> {
  const handler = handlerFor(door.hosts, request.host);
  if (handler === undefined) {
    door.log(`unknown: ${request.method} https://${request.host}${request.path}`);
    return { status: 404, body: errorBody('NotFound', `The Azure simulator has no host ${request.host}.`) };
  }
  return await handler(request);
}

function refusal(fault: Fault): HostAnswer {
  const status = fault.status ?? 500;
  const usual = usualError(status);
  return {
    status,
    headers: { ...fault.headers },
    body: errorBody(fault.code ?? usual.code, fault.message ?? usual.message),
  };
}

function usualError(status: number): { readonly code: string; readonly message: string } {
  if (status === 429) {
    return {
      code: 'TooManyRequests',
      message:
        'The request is being throttled as the limit has been reached for this operation type. Please try again later.',
    };
  }
  if (status === 503) {
    return {
      code: 'ServiceUnavailable',
      message: 'The service is unavailable now, please retry the request later.',
    };
  }
  return {
    code: 'InternalServerError',
    message: 'An unexpected error occurred while processing the request.',
  };
}

async function read(message: IncomingMessage): Promise<HostRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += part.length;
    if (length > LARGEST_BODY) {
      throw new Error(`the body is over ${LARGEST_BODY} bytes`);
    }
    chunks.push(part);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const url = message.url ?? '/';
  const [path = '/', query = ''] = splitOnce(url, '?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: message.method ?? 'GET',
    host: (message.headers.host ?? '').replace(/:\d+$/, '').toLowerCase(),
    path,
    url,
    query: new URLSearchParams(query),
    headers,
    body: text === '' ? undefined : parseJson(text),
    text,
  };
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function send(response: ServerResponse, answer: HostAnswer): void {
  const isText = typeof answer.body === 'string';
  const text = answer.body === undefined ? '' : isText ? String(answer.body) : JSON.stringify(answer.body);
  const type = isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(answer.status, {
    ...(answer.body === undefined ? {} : { 'content-type': type }),
    ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
    // The answer to a HEAD tells the length of a body that it does not have.
    ...answer.headers,
  });
  response.end(text);
}
