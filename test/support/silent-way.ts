import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the store that can go silent, as when a machine or a network between is gone: nothing comes, nothing ends. */
export interface SilentWay {
  readonly url: string;
  /** From now on nothing gets through either way, and nobody is told. */
  readonly silence: () => void;
  /** New connections get through again; the old ones stay silent, as after the loss of a machine. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

export async function silentWay(storeUrl: string): Promise<SilentWay> {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((bot) => {
    sockets.add(bot);
    bot.on('error', () => undefined);
    if (isSilent) return;
    const store = connect(Number(target.port), target.hostname);
    sockets.add(store);
    store.on('error', () => undefined);
    bot.pipe(store).pipe(bot);
    bot.on('close', () => store.destroy());
    store.on('close', () => bot.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(storeUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    silence: () => {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    heal: () => {
      isSilent = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
