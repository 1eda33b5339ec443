import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { disasterList } from './disasters';
import { readFault } from './faults';
import { numberAt, parseJson, textAt } from './json';
import type { Simulator } from './simulator';
import type { SeedName } from './state';

type Reply = { readonly status: number; readonly body?: unknown; readonly text?: string };

type Action = (
  simulator: Simulator,
  found: readonly string[],
  body: unknown,
  query: URLSearchParams,
) => Reply | Promise<Reply>;

/** The control API as data: how a person, a test or a demo drives the simulator. Plain HTTP, this machine only. */
const actions: readonly (readonly [method: string, path: RegExp, action: Action])[] = [
  ['GET', /^\/ca\.pem$/, (simulator) => ({ status: 200, text: readFileSync(simulator.caFile, 'utf8') })],
  [
    'GET',
    /^\/journal$/,
    (simulator, _, __, query) => ({ status: 200, body: simulator.journal(Number(query.get('since') ?? 0)) }),
  ],
  [
    'POST',
    /^\/sign-in$/,
    (simulator, _, body) => ({
      status: 200,
      body: { person: simulator.signIn(textAt(body, 'code') ?? '', textAt(body, 'person') ?? '') },
    }),
  ],
  ['GET', /^\/estate$/, (simulator) => ({ status: 200, body: simulator.estate() })],
  ['GET', /^\/faults$/, (simulator) => ({ status: 200, body: simulator.faults() })],
  [
    'POST',
    /^\/faults$/,
    (simulator, _, body) => ({ status: 201, body: { id: simulator.addFault(readFault(body)) } }),
  ],
  [
    'DELETE',
    /^\/faults$/,
    (simulator) => {
      simulator.clearFaults();
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/reset$/,
    (simulator, _, body) => {
      simulator.reset(readSeed(body));
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/databases\/([^/]+)\/rows$/,
    (simulator, [database = ''], body) => {
      const by = textAt(body, 'by') ?? 'Somebody';
      simulator.changeRows(decodeURIComponent(database), { by, rows: readNumber(body, 'rows') });
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/regions\/([a-z0-9]+)\/(down|up)$/,
    (simulator, [region = '', direction]) => {
      (direction === 'down' ? simulator.regionDown : simulator.regionUp)(region);
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/storage\/([a-z0-9]+)\/(down|up)$/,
    (simulator, [account = '', direction]) => {
      (direction === 'down' ? simulator.storage.down : simulator.storage.up)(account);
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/storage\/([a-z0-9]+)\/queues\/([a-z0-9-]+)$/,
    (simulator, [account = '', queue = ''], body) => {
      const text = textAt(body, 'text');
      if (text === undefined) {
        throw new TypeError('Give {"text": "…"}.');
      }
      simulator.storage.putMessage(account, queue, text);
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/vaults\/([\w-]+)\/delete$/,
    (simulator, [vault = '']) => {
      simulator.vaults.deleteVault(vault);
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/vaults\/([\w-]+)\/secrets\/([\w-]+)\/(delete|purge)$/,
    (simulator, [vault = '', secret = '', how]) => {
      (how === 'purge' ? simulator.vaults.purgeSecret : simulator.vaults.deleteSecret)(vault, secret);
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/apps\/([a-z0-9-]+)\/deploy$/,
    (simulator, [app = ''], body) => {
      simulator.deploy(app, readText(body, 'version'), numberAt(body, 'minutesAgo'));
      return { status: 204 };
    },
  ],
  ['GET', /^\/disasters$/, () => ({ status: 200, body: disasterList })],
  [
    'POST',
    /^\/disasters\/([a-z-]+)$/,
    async (simulator, [name = '']) => {
      await simulator.disaster(name);
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/clock$/,
    (simulator, _, body) => {
      simulator.setSpeed(readNumber(body, 'speed'));
      return { status: 204 };
    },
  ],
  [
    'POST',
    /^\/latency$/,
    (simulator, _, body) => {
      simulator.setLatency(readNumber(body, 'ms'));
      return { status: 204 };
    },
  ],
];

/** The control API's server; it has to be told to listen. */
export function createControl(simulator: () => Simulator): Server {
  return createServer((request, response) => {
    answer(simulator(), request, response).catch((error: unknown) => {
      send(response, {
        status: 400,
        body: { error: error instanceof Error ? error.message : String(error) },
      });
    });
  });
}

async function answer(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  // A page in a browser must not drive the simulator of whoever looks at it.
  if (request.headers.origin !== undefined) {
    send(response, { status: 403, body: { error: 'The control API does not answer web pages.' } });
    return;
  }
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
  }
  for (const [method, path, action] of actions) {
    const found = path.exec(url.pathname);
    if (found !== null && method === request.method) {
      send(
        response,
        await action(simulator, found.slice(1), text === '' ? {} : parseJson(text), url.searchParams),
      );
      return;
    }
  }
  const known = actions
    .map(([method, path]) => `${method} ${path.source.replaceAll(/[\\^$]/g, '')}`)
    .join(', ');
  send(response, {
    status: 404,
    body: { error: `There is no ${request.method} ${url.pathname}. There is: ${known}.` },
  });
}

function readNumber(body: unknown, name: string): number {
  const value = numberAt(body, name);
  if (value === undefined) {
    throw new TypeError(`Give {"${name}": <number>}.`);
  }
  return value;
}

function readText(body: unknown, name: string): string {
  const value = textAt(body, name);
  if (value === undefined) {
    throw new TypeError(`Give {"${name}": "<text>"}.`);
  }
  return value;
}

function readSeed(body: unknown): SeedName | undefined {
  const seed = textAt(body, 'seed');
  if (seed === undefined || seed === 'tier2' || seed === 'tier3') {
    return seed;
  }
  throw new TypeError(`There is no seed "${seed}". Give "tier2" or "tier3".`);
}

// In two statements each: restify, where it is loaded in the same process, takes the chaining away.
function send(response: ServerResponse, { status, body, text }: Reply): void {
  if (text !== undefined) {
    response.writeHead(status, { 'content-type': 'application/x-pem-file' });
    response.end(text);
  } else if (body === undefined) {
    response.writeHead(status);
    response.end();
  } else {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body, null, 2));
  }
}
