import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/** A message as the Playground's page is given it. */
export type PageMessage = {
  readonly messageId: string;
  readonly from: { readonly id: string };
  readonly text?: string;
  readonly postConversationId?: string;
  readonly attachments: readonly { readonly content?: Card }[];
};
type Card = {
  readonly body?: readonly { readonly text?: string }[];
  readonly actions?: readonly { readonly title?: string; readonly verb?: string; readonly data?: unknown }[];
  readonly refresh?: unknown;
};
type Frame = {
  readonly action: string;
  readonly actionConversationId: string;
  readonly message: PageMessage;
};

/** What the Playground's page does, without a browser: listens on its socket, and sends what its user does by its HTTP calls. */
export async function openPage(url: string, userId: string) {
  const frames: Frame[] = [];
  const socket = await connect(url, (text) => frames.push(JSON.parse(text) as Frame));
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    /** The messages as they stand on the page, in the order of their arrival. */
    messages: (): readonly PageMessage[] => {
      const standing = new Map<string, PageMessage>();
      for (const { action, message } of frames) {
        if (action === 'createMessage') standing.set(message.messageId, message);
        const before = standing.get(message.messageId);
        if (action === 'updateMessage' && before !== undefined) {
          standing.set(message.messageId, { ...before, ...message });
        }
      }
      return [...standing.values()];
    },
    conversationOf: (messageId: string): string | undefined => {
      const frame = frames.find(
        ({ action, message }) => action === 'createMessage' && message.messageId === messageId,
      );
      return frame?.message.postConversationId ?? frame?.actionConversationId;
    },
    write: async (conversation: string, text: string): Promise<{ readonly postConversationId?: string }> =>
      (await post(`/_conversation/v1/conversations/${encodeURIComponent(conversation)}/messages`, {
        from: { id: userId },
        text,
        textFormat: 'plain',
        mentions: [],
      })) as { postConversationId?: string },
    press: (conversation: string, replyToId: string, verb: string, data: unknown) =>
      post('/_conversation/v1/invoke', {
        name: 'adaptiveCard/action',
        from: { id: userId },
        conversation: { id: conversation },
        replyToId,
        value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
      }),
    close: () => socket.destroy(),
  };
}

/** A WebSocket that only listens: the answer to the handshake, then the server's unmasked text frames. */
function connect(url: string, hear: (text: string) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    };
    const asking = request(`${url}/_ws_conversation/v1/conversations/stream`, { headers });
    asking.on('error', reject);
    asking.on('upgrade', (_response, socket, head) => {
      let rest = head;
      const read = () => {
        for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
          rest = rest.subarray(frame.end);
          hear(frame.text);
        }
      };
      socket.on('data', (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        read();
      });
      socket.on('error', () => undefined);
      read();
      resolve(socket as Socket);
    });
    asking.end();
  });
}

function firstFrame(bytes: Buffer): { readonly text: string; readonly end: number } | undefined {
  const size = bytes[1] ?? 0;
  const start = size < 126 ? 2 : size === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length = size < 126 ? size : size === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return undefined;
  return { text: bytes.subarray(start, start + length).toString(), end: start + length };
}
