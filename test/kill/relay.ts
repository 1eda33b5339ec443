import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Verdict } from './store-tap';

/** What came back from the bot; status 502 when it died over it or is not there. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The way from Teams to the bot, on which activities can be sent again and answers get lost. */
export interface Relay {
  readonly url: string;
  /** How often each activity is delivered; Teams itself does so up to four times when an answer is late. */
  copies: number;
  /** Delivers everything that ever came through once more. */
  readonly again: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Stands between Teams and the bot; `listener` is told when the bot has answered and Teams has not heard it yet. */
export async function relayTo(bot: () => string, listener: (activity: unknown) => Verdict): Promise<Relay> {
  const delivered: string[] = [];
  const server = createServer((incoming, outgoing) => {
    textOf(incoming)
      .then(async (text) => {
        delivered.push(text);
        const copies = Array.from({ length: relay.copies }, () => deliver(bot(), text));
        const [first] = await Promise.all(copies);
        const lost = first && first.status < 500 && listener(JSON.parse(text)) === 'cut';
        const { status, body } = lost || !first ? { status: 502, body: '' } : first;
        outgoing.writeHead(status, { 'content-type': 'application/json' });
        outgoing.end(body);
      })
      .catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`,
    copies: 1,
    again: async () => {
      for (const text of delivered.splice(0)) await deliver(bot(), text);
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return relay;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function deliver(bot: string, text: string): Promise<Answer> {
  return new Promise((answered) => {
    const gone = () => answered({ status: 502, body: '' });
    const outgoing = request(
      `${bot}/api/messages`,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json; charset=utf-8' } },
      (response) => {
        textOf(response).then((body) => answered({ status: response.statusCode ?? 502, body }), gone);
      },
    );
    outgoing.on('error', gone);
    outgoing.end(text);
  });
}
