import { once } from 'node:events';
import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A way to the simulator on which a TLS handshake stands still until it is let go on. */
export interface SlowWay {
  readonly url: string;
  /** Every connection that was ever made to it. */
  readonly made: readonly Socket[];
  /** Ends every connection that is kept, so that the next request needs one of its own. */
  readonly hangUp: () => Promise<void>;
  /** From now on handshakes stand still; ends when one does. */
  readonly hold: () => Promise<void>;
  readonly goOn: () => void;
  readonly close: () => void;
}

/** Opens such a way in front of the simulator's proxy. */
export async function slowWay(proxyUrl: string): Promise<SlowWay> {
  const sockets = new Set<Socket>();
  const made: Socket[] = [];
  let holding = false;
  let standing = (): void => undefined;
  const held: (() => void)[] = [];
  const server: Server = createServer((client) => {
    made.push(client);
    const proxy = connectTo(Number(new URL(proxyUrl).port), '127.0.0.1');
    for (const socket of [client, proxy]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => proxy.destroy());
    proxy.pipe(client);
    client.on('data', (chunk: Buffer) => {
      // 22: a TLS record of the handshake, which is the first thing after CONNECT.
      if (!holding || chunk[0] !== 22) return void proxy.write(chunk);
      held.push(() => void proxy.write(chunk));
      standing();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    made,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hangUp: async () => {
      for (const client of made) client.destroy();
      // Both ends are in this process: when it has looked around once, the other one knows.
      await pause(100);
    },
    hold: () =>
      new Promise((stands) => {
        holding = true;
        standing = stands;
      }),
    goOn: () => {
      holding = false;
      for (const write of held.splice(0)) write();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
