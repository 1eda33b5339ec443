/**
 * The program that runs inside a Playground's process before its own, and adds what its command line does not offer:
 * - it listens on this machine only: whoever reaches an approver's window can approve;
 * - it ends when its parent does, even by kill -9;
 * - it tells when a page opens or closes;
 * - it lets a message of somebody else be put before the pages;
 * - `@<bot>` written out is a mention, where the Playground wants it clicked in a list and otherwise stays silent.
 * It is text because plain Node.js has to read it, whether we run compiled or from tests. Written against version 0.2.28.
 */
export function preloadFor(bot: { readonly id: string; readonly name: string }): string {
  return `const bot = ${JSON.stringify(bot)};\n${preload}`;
}

const preload = `
import http from 'node:http';
import net from 'node:net';

process.on('disconnect', () => process.exit(0));

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  if (typeof port === 'object') return listen.call(this, { ...port, host: '127.0.0.1' }, ...rest);
  return listen.call(this, port, '127.0.0.1', ...rest.filter((one) => typeof one === 'function'));
};

const parsed = (text) => {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
};
const pages = new Set();
const tell = () => process.connected && process.send({ pages: pages.size });
const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, ...rest) {
  const go = () => emit.call(this, event, request, ...rest);
  if (event === 'upgrade' && request.url === '/_ws_conversation/v1/conversations/stream') {
    const [socket] = rest;
    go();
    pages.add(socket);
    socket.once('close', () => { pages.delete(socket); tell(); });
    tell();
    return true;
  }
  const isPost = event === 'request' && request.method === 'POST';
  if (!isPost || !/^.?_conversation.v1.conversations.[^/]+.messages$/.test(request.url)) return go();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const said = parsed(Buffer.concat(chunks).toString());
    const tag = '<at>' + bot.name + '</at>';
    const written = new RegExp('(?<![a-z0-9])@' + bot.name + '(?![a-z0-9])', 'i');
    const text = String(said.text ?? '');
    if (!text.includes(tag) && written.test(text) && said.painted !== true) {
      said.text = text.replace(written, () => tag);
      said.mentions = [...(said.mentions ?? []), { mentioned: { id: bot.id }, text: tag }];
    }
    // What express's body parser leaves when it is done: it then does not read the body again.
    request.body = said;
    request._body = true;
    go();
  });
  return true;
};

process.on('message', ({ frame }) => {
  const text = Buffer.from(JSON.stringify(frame));
  const long = Buffer.alloc(10);
  long.set([0x81, 127]);
  long.writeBigUInt64BE(BigInt(text.length), 2);
  const head = text.length < 126 ? Buffer.from([0x81, text.length])
    : text.length < 65536 ? Buffer.from([0x81, 126, text.length >> 8, text.length & 255]) : long;
  for (const page of pages) page.write(Buffer.concat([head, text]));
});
`;
