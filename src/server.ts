import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createServer, plugins, type Request, type Response, type Server } from 'restify';
import { isLoopbackAddress } from './chat/adapter';
import type { Delivery } from './chat/admit';
import type { AlertDelivered } from './chat/alerts';
import type { ExportAsked, InventoryAsked, Knock, Reply } from './chat/reply';
import type { ValueAsked } from './chat/value-links';

/** What is answered over HTTP. */
export interface Served {
  readonly messages: (delivery: Delivery) => Promise<Reply>;
  readonly alert: (delivered: AlertDelivered) => Promise<Reply>;
  readonly incident: (asked: ExportAsked) => Promise<Reply>;
  readonly value: (asked: ValueAsked) => Promise<Reply>;
  readonly inventory: (asked: InventoryAsked) => Promise<Reply>;
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
 * Serves the bot: `POST /api/messages`, `POST /api/alerts`, `GET /health`, `GET /incidents/:id`, `GET /inventory/:app`, `GET` and
 * `POST /secrets/:token`. Every answer is a sentence or JSON; none has a stack trace in it.
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
        log.error({ err: error, path: loggable(request) }, 'A request failed.');
        send(response, refusal(500, 'Something went wrong here. Nothing was changed. Please try again.'));
      }
    };
  server.post(
    '/api/messages',
    answer((request) => messages(request, served)),
  );
  server.post(
    '/api/alerts',
    answer((request) => alerts(request, served)),
  );
  server.get(
    '/health',
    answer(() => health(served)),
  );
  server.get(
    '/incidents/:id',
    answer((request) => incident(request, served)),
  );
  for (const method of ['get', 'post'] as const)
    server[method](
      '/secrets/:token',
      answer((request) => value(request, served)),
    );
  server.get(
    '/inventory/:app',
    answer((request) => inventory(request, served)),
  );
  server.on('restifyError', (request: Request, response: Response, error: unknown, done: () => void) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, path: loggable(request) }, 'A request failed.');
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

/** A link to enter a secret opens its page for whoever reads it, so it does not get into a log. */
const loggable = (request: Request): string => request.path().replace(/^(\/secrets\/).*/, '$1…');

const ANSWERS =
  'The bot answers POST /api/messages, POST /api/alerts, GET /health, GET /incidents/<id>, GET /inventory/<app> and GET /secrets/<link>.';

const WORDS: Readonly<Record<number, string>> = {
  404: `There is nothing here. ${ANSWERS}`,
  405: `This address takes another method. ${ANSWERS}`,
  429: 'Too many requests from this address. Please wait a moment.',
};

/** The limit is for strangers: what comes from this machine is the bot's own tools. */
function limited() {
  const throttle = plugins.throttle(RATE);
  return (request: Request, response: Response, next: () => void) =>
    isLoopbackAddress(addressOf(request)) ? next() : throttle(request, response, next);
}

async function alerts(request: Request, served: Served): Promise<Reply> {
  const read = await jsonOf(request);
  if ('status' in read) return read;
  const { secret }: { readonly secret?: unknown } = request.query ?? {};
  const [, bearer] = /^Bearer (.+)$/i.exec(request.header('authorization', '')) ?? [];
  return served.alert({
    body: read.body,
    secret: bearer ?? (typeof secret === 'string' ? secret : null),
    from: addressOf(request),
    forwarded: isForwarded(request),
  });
}

async function messages(request: Request, served: Served): Promise<Reply> {
  const read = await jsonOf(request);
  if ('status' in read) return read;
  return served.messages({
    body: read.body,
    authorization: request.header('authorization', ''),
    from: addressOf(request),
    forwarded: isForwarded(request),
  });
}

/** The JSON that a request carries, or why it is not read. */
async function jsonOf(request: Request): Promise<Reply | { readonly body: unknown }> {
  const type = request.header('content-type', '');
  // Also what keeps a web page in somebody's browser from posting here: without asking first it can only send text.
  if (!/^application\/json\b/i.test(type)) return refusal(415, 'Send the activity as application/json.');
  const raw = await bodyOf(request);
  if (raw === null) return refusal(413, `An activity of more than ${LARGEST_BODY / 1024} KB is not read.`);
  try {
    return { body: JSON.parse(raw) };
  } catch {
    return refusal(400, 'The body is not valid JSON. Send one JSON object.');
  }
}

const LARGEST_FORM = 128 * 1024;

/** A value is read from the form into one text, which goes on to the vault; what it was read from is emptied. */
async function value(request: Request, served: Served): Promise<Reply> {
  const { token }: { readonly token?: unknown } = request.params ?? {};
  const asked = { token: String(token ?? ''), from: addressOf(request), forwarded: isForwarded(request) };
  if (request.method !== 'POST') return served.value({ ...asked, sent: null });
  const site = request.header('sec-fetch-site', '');
  if (site !== '' && site !== 'same-origin' && site !== 'none')
    return served.value({ ...asked, sent: { unreadable: 'from another page' } });
  const type = request.header('content-type', '');
  if (!/^application\/x-www-form-urlencoded\b/i.test(type))
    return served.value({ ...asked, sent: { unreadable: 'not a form' } });
  const body = await bytesOf(request, LARGEST_FORM);
  if (body === null) return served.value({ ...asked, sent: { unreadable: 'too large' } });
  const form = new URLSearchParams(body.toString('utf8'));
  body.fill(0);
  return served.value({ ...asked, sent: { value: form.get('value') ?? '' } });
}

const bodyOf = async (request: Request): Promise<string | null> =>
  (await bytesOf(request, LARGEST_BODY))?.toString('utf8') ?? null;

async function bytesOf(request: Request, largest: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end all the same, so that the answer reaches somebody who is still sending.
    if (size <= largest) chunks.push(chunk);
    else if (size > 40 * largest) break;
  }
  const whole = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  return size > largest ? null : whole;
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
  const { format }: { readonly format?: unknown } = request.query ?? {};
  const { id }: { readonly id?: unknown } = request.params ?? {};
  return served.incident({
    incident: storable(String(id ?? '')),
    format: format === 'markdown' ? 'markdown' : 'json',
    ...knockOf(request),
  });
}

async function inventory(request: Request, served: Served): Promise<Reply> {
  const { app }: { readonly app?: unknown } = request.params ?? {};
  return served.inventory({ app: storable(String(app ?? '')), ...knockOf(request) });
}

function knockOf(request: Request): Knock {
  const { key }: { readonly key?: unknown } = request.query ?? {};
  return {
    key: typeof key === 'string' ? storable(key) : null,
    from: addressOf(request),
    forwarded: isForwarded(request),
  };
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

function send(response: Response, { status, body, contentType, headers = {} }: Reply): void {
  if (response.headersSent) return;
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.header('Content-Type', contentType ?? 'application/json; charset=utf-8');
  // Not `header`, which would add a second one beside the one that every answer has.
  for (const [name, header] of Object.entries(headers)) response.setHeader(name, header);
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
