import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createServer, plugins, type Request, type Response, type Server } from 'restify';
import { isLoopbackAddress } from './chat/adapter';
import type { Delivery } from './chat/admit';
import type { ExportAsked, Reply } from './chat/reply';

/** What is answered over HTTP. */
export interface Served {
  readonly messages: (delivery: Delivery) => Promise<Reply>;
  readonly incident: (asked: ExportAsked) => Promise<Reply>;
  readonly version: string;
  readonly store: () => Promise<boolean>;
  readonly azure: () => Promise<boolean>;
}

/** The bot's HTTP server while it listens. */
export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const LARGEST_BODY = 256 * 1024;
const HEALTH_PATIENCE_MS = 2_000;
/** Requests a second from one address; Teams itself sends an app far fewer. */
const RATE = { burst: 200, rate: 100, ip: true };

const HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Strict-Transport-Security': 'max-age=31536000',
};

/**
 * Serves the bot: `POST /api/messages`, `GET /health`, `GET /incidents/:id`. Every answer is a sentence or JSON; none
 * has a stack trace in it.
 * @throws Error when the port is taken.
 */
export async function serve(
  served: Served,
  options: { readonly port: number; readonly host?: string; readonly log: Logger },
): Promise<Listening> {
  const { log } = options;
  const server = createServer({ name: 'dr-bot' });
  server.pre((_request, response, next) => {
    // One by one: restify patches node's HTTP prototypes, and chaining on them breaks.
    for (const [name, value] of Object.entries(HEADERS)) response.header(name, value);
    next();
  });
  server.use(limited());
  server.use(plugins.queryParser({ mapParams: false }));

  const answer =
    (what: (request: Request) => Promise<Reply>) => async (request: Request, response: Response) => {
      try {
        send(response, await what(request));
      } catch (error) {
        log.error({ err: error, path: request.path() }, 'A request failed.');
        send(response, refusal(500, 'Something went wrong here. Nothing was changed. Please try again.'));
      }
    };
  server.post(
    '/api/messages',
    answer((request) => messages(request, served)),
  );
  server.get(
    '/health',
    answer(() => health(served)),
  );
  server.get(
    '/incidents/:id',
    answer((request) => incident(request, served)),
  );
  server.on('restifyError', (request: Request, response: Response, error: unknown, done: () => void) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, path: request.path() }, 'A request failed.');
    send(response, refusal(status, WORDS[status] ?? 'This request cannot be answered.'));
    done();
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.server.closeAllConnections();
      }),
  };
}

const WORDS: Readonly<Record<number, string>> = {
  404: 'There is nothing here. The bot answers POST /api/messages, GET /health and GET /incidents/<id>.',
  405: 'This address takes another method. The bot answers POST /api/messages, GET /health and GET /incidents/<id>.',
  429: 'Too many requests from this address. Please wait a moment.',
};

/** The limit is for strangers: what comes from this machine is the bot's own tools. */
function limited() {
  const throttle = plugins.throttle(RATE);
  return (request: Request, response: Response, next: () => void) =>
    isLoopbackAddress(addressOf(request)) ? next() : throttle(request, response, next);
}

async function messages(request: Request, served: Served): Promise<Reply> {
  const type = request.header('content-type', '');
  // Also what keeps a web page in somebody's browser from posting here: without asking first it can only send text.
  if (!/^application\/json\b/i.test(type)) return refusal(415, 'Send the activity as application/json.');
  const raw = await bodyOf(request);
  if (raw === null) return refusal(413, `An activity of more than ${LARGEST_BODY / 1024} KB is not read.`);
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    return refusal(400, 'The body is not valid JSON. Send one Bot Framework activity as a JSON object.');
  }
  return served.messages({
    body,
    authorization: request.header('authorization', ''),
    from: addressOf(request),
    forwarded: isForwarded(request),
  });
}

async function bodyOf(request: Request): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end all the same, so that the answer reaches somebody who is still sending.
    if (size <= LARGEST_BODY) chunks.push(chunk);
    else if (size > 40 * LARGEST_BODY) break;
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks).toString('utf8');
}

async function health({ version, store, azure }: Served): Promise<Reply> {
  const [storeAnswers, azureAnswers] = await Promise.all([soon(store()), soon(azure())]);
  return {
    status: storeAnswers ? 200 : 503,
    body: {
      status: storeAnswers ? (azureAnswers ? 'ok' : 'degraded') : 'failing',
      version,
      store: storeAnswers ? 'reachable' : 'unreachable',
      azure: azureAnswers ? 'reachable' : 'unreachable',
    },
  };
}

async function soon(looking: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), HEALTH_PATIENCE_MS);
  });
  try {
    return await Promise.race([looking.catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function incident(request: Request, served: Served): Promise<Reply> {
  const { key, format }: { readonly key?: unknown; readonly format?: unknown } = request.query ?? {};
  const { id }: { readonly id?: unknown } = request.params ?? {};
  return served.incident({
    incident: storable(String(id ?? '')),
    format: format === 'markdown' ? 'markdown' : 'json',
    key: typeof key === 'string' ? storable(key) : null,
    from: addressOf(request),
    forwarded: isForwarded(request),
  });
}

/** U+0000 is in no id, and PostgreSQL refuses to look for it. */
const storable = (text: string): string => text.slice(0, 100).replaceAll('\0', '');

const addressOf = (request: Request): string => request.socket.remoteAddress ?? '';
const isForwarded = (request: Request): boolean =>
  request.header('x-forwarded-for', '') !== '' || request.header('forwarded', '') !== '';

const refusal = (status: number, message: string): Reply => ({ status, body: { error: { message } } });

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 600 ? status : 500;
}

function send(response: Response, { status, body, contentType }: Reply): void {
  if (response.headersSent) return;
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.header('Content-Type', contentType ?? 'application/json; charset=utf-8');
  response.sendRaw(status, text);
}

const listen = (server: Server, { port, host }: { readonly port: number; readonly host?: string }) =>
  new Promise<void>((listening, failed) => {
    server.once('error', failed);
    const ready = () => {
      server.off('error', failed);
      listening();
    };
    if (host === undefined) server.listen(port, ready);
    else server.listen(port, host, ready);
  });
