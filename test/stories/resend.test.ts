import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startWorld, type World } from '../support/world';
import { changes, databases, isGreen, productionNow, rows } from './support/azure';
import { restores } from './support/run';
import { expectThread } from './support/thread';

let again: Again;
let world: World;
beforeAll(async () => {
  again = await everythingAgain();
  world = await startWorld({ botEndpoint: again.instead });
});
afterAll(async () => {
  await world.close();
  await again.close();
});

test('when Teams sends everything five times, all of a full swap still happens, and is said, once', async () => {
  const run = await restores(world, { text: '@dr restore db to 30 minutes ago' });
  await run.answers('Megan Bowen', 'begin', 'Approve', { reason: 'go' });
  await run.answers('Megan Bowen', 'swap', 'Approve');
  await run.happens('gate.opened', { stage: 'commit' });
  await run.say('Alex Wilber', '@dr note all is well');
  await run.say('Alex Wilber', '@dr keep');
  expect(await run.over()).toBe('completed');
  expect(again.sent()).toBeGreaterThanOrEqual(5 * 7);

  expect(changes(world)).toEqual([
    'PUT AppRequestPortal-restored',
    'POST AppRequestPortal/move',
    'POST AppRequestPortal-restored/move',
    'POST apprequest-prod-demo01/restart',
  ]);
  expect(databases(world)).toHaveLength(2);
  expect(productionNow(world).requests).toBe(rows.before);
  expect(await isGreen(world)).toBe(true);

  const events = (await run.timeline()).map(({ event }) => event.type);
  expect(events.filter((type) => type === 'run.requested')).toHaveLength(1);
  expect(events.filter((type) => type === 'vote.cast')).toHaveLength(3);
  expect(events.filter((type) => type === 'note.added')).toHaveLength(1);
  await run.hears(/The run is over \(completed\)/);
  await expectThread(world, run);
  // One answer to what was asked, one headline, three gates and one report.
  expect(world.teams.thread(run.thread).filter(({ card, from }) => card && from.kind === 'bot')).toHaveLength(
    6,
  );
  const health = await fetch(`${world.bot.url}/health`);
  expect(await health.json()).toMatchObject({ status: 'ok' });
});

/** Stands where the bot is, and sends each activity on five times: side by side, and once more after the answer. */
interface Again {
  readonly instead: (bot: string) => string;
  readonly sent: () => number;
  readonly close: () => Promise<void>;
}

async function everythingAgain(): Promise<Again> {
  let sent = 0;
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const bot = new URL(request.url ?? '', 'http://relay').searchParams.get('bot') ?? '';
    const send = () => {
      sent += 1;
      const headers = { 'content-type': 'application/json' };
      return fetch(bot, { method: 'POST', headers, body: Buffer.concat(chunks) });
    };
    const [first] = await Promise.all([send(), send(), send(), send()]);
    await (await send()).arrayBuffer();
    response.writeHead(first.status, { 'content-type': 'application/json' });
    response.end(await first.text());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    instead: (bot) => `http://127.0.0.1:${port}/?bot=${encodeURIComponent(bot)}`,
    sent: () => sent,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
