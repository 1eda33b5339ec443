import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What the proxy does with a host name that a client wants to reach. */
export interface ProxyRoute {
  /** True for the hosts that the simulator answers for. */
  readonly knows: (host: string) => boolean;
  /** Takes over the raw connection; TLS begins on it. */
  readonly connect: (socket: Socket) => void;
  readonly log: (line: string) => void;
}

/** An HTTP proxy that understands CONNECT alone (RFC 9110 section 9.3.6) and reaches nothing outside this machine. */
export function createConnectProxy(route: ProxyRoute): Server {
  const server = createServer((request, response) => {
    const said = `This proxy only tunnels HTTPS (CONNECT). It got ${request.method} ${request.url}. Use an https:// address.\n`;
    response.writeHead(405, { 'content-type': 'text/plain', allow: 'CONNECT' });
    response.end(said);
  });
  server.on('connect', (request, socket: Socket, head: Buffer) => {
    const [host = '', port = '443'] = (request.url ?? '').split(':');
    // A client that gives up while the tunnel opens is no reason to stop.
    socket.on('error', () => socket.destroy());
    if (port !== '443' || !route.knows(host)) {
      const said = `The Azure simulator does not answer for ${request.url}. Nothing was sent there. Add the host to NO_PROXY if it should be reached directly.\n`;
      route.log(`refused: CONNECT ${request.url}, a host the simulator does not have`);
      socket.end(
        `HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(said)}\r\nconnection: close\r\n\r\n${said}`,
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) {
      socket.unshift(head);
    }
    route.connect(socket);
  });
  return server;
}
