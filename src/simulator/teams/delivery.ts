import { Agent, request } from 'node:http';
import type { Activity } from './activity';

/** What the bot answered; status 502 when it could not be reached or cut the connection, 504 when it took longer than Teams waits. */
export type Delivered = { readonly status: number; readonly body: unknown };

/** Brings activities to the bot over HTTP. */
export type Delivery = {
  deliver(activity: Activity, authorization?: string): Promise<Delivered>;
  close(): void;
};

/** A delivery to one endpoint that gives up after `patience` milliseconds (Teams: about 15 s). */
export function createDelivery(botEndpoint: string | (() => string), patience = 15_000): Delivery {
  // A connection each: one kept open may just be closing at the other end, which looks like a bot that died.
  const agent = new Agent({ keepAlive: false });
  return {
    close: () => agent.destroy(),
    deliver: (activity, authorization) =>
      new Promise((resolve) => {
        const endpoint = typeof botEndpoint === 'string' ? botEndpoint : botEndpoint();
        const payload = Buffer.from(JSON.stringify(activity));
        const refused = (status: number, message: string) =>
          resolve({ status, body: { error: { code: 'BotUnreachable', message } } });
        const outgoing = request(
          endpoint,
          {
            method: 'POST',
            agent,
            headers: {
              'content-type': 'application/json; charset=utf-8',
              'content-length': payload.length,
              ...(authorization === undefined ? {} : { authorization }),
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', (error) => refused(502, error.message));
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 502, body: parsed(Buffer.concat(chunks).toString()) }),
            );
          },
        );
        outgoing.setTimeout(patience, () => {
          refused(504, `The bot at ${endpoint} did not answer within ${patience} ms.`);
          outgoing.destroy();
        });
        outgoing.on('error', (error) =>
          refused(502, `The bot at ${endpoint} is not there: ${error.message}`),
        );
        outgoing.end(payload);
      }),
  };
}

/** JSON as a value, anything else as the text it is, nothing as undefined. */
export function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
