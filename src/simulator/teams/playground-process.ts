import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject } from './card';
import type { Person, Tenant } from './tenant';
import { personalChatId } from './tenant';

/** How one Playground is to be started. */
export type PlaygroundOptions = {
  readonly tenant: Tenant;
  /** Whose window it is. */
  readonly person: Person;
  /** Preferred port; the Playground takes another one when it is not free. */
  readonly port: number;
  /** Where it sends what the person does. */
  readonly endpoint: string;
  /** Where its configuration and log are written; a temporary folder, unless told. */
  readonly directory?: string;
  /** Told, with the number of open pages, whenever a page opens or closes. */
  readonly onPages: (open: number) => void;
};

/** A running Playground. */
export type Playground = {
  readonly url: string;
  readonly pid: number;
  /** Puts a message of the page's own protocol in front of every open page. */
  paint(frame: unknown): void;
  close(): Promise<void>;
};

/*
 * Runs inside the Playground's process before its own code, and adds what its command line does not offer: it listens on this
 * machine only (whoever reaches an approver's window can approve), it ends when its parent does (even by kill -9), it tells when
 * a page opens or closes, and it lets messages of people other than its own be painted. Kept as text because the Playground is
 * started by plain Node.js, from the compiled program and from tests alike.
 */
const preload = `
import http from 'node:http';
import net from 'node:net';
process.on('disconnect', () => process.exit(0));
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'object' ? listen.call(this, { ...port, host: '127.0.0.1' }, ...rest)
    : listen.call(this, port, '127.0.0.1', ...rest.filter((one) => typeof one === 'function'));
};
const pages = new Set();
const tell = () => process.connected && process.send({ pages: pages.size });
const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, socket, ...rest) {
  const done = emit.call(this, event, request, socket, ...rest);
  if (event === 'upgrade' && request.url === '/_ws_conversation/v1/conversations/stream') {
    pages.add(socket);
    socket.once('close', () => { pages.delete(socket); tell(); });
    tell();
  }
  return done;
};
process.on('message', ({ frame }) => {
  const text = Buffer.from(JSON.stringify(frame));
  const head = Buffer.alloc(10);
  head.set([0x81, 127]);
  head.writeBigUInt64BE(BigInt(text.length), 2);
  const short = text.length < 126 ? Buffer.from([0x81, text.length])
    : text.length < 65536 ? Buffer.from([0x81, 126, text.length >> 8, text.length & 255]) : head;
  for (const page of pages) page.write(Buffer.concat([short, text]));
});
`;

/** Starts a Microsoft 365 Agents Playground for one person; throws, with the Playground's own words, when it does not come up in 20 s. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { directory } = options;
  const home = directory ?? mkdtempSync(join(tmpdir(), 'playground-'));
  mkdirSync(home, { recursive: true });
  const config = join(home, 'playground.json');
  writeFileSync(config, JSON.stringify(configuration(options), null, 2));

  const child = fork(
    require.resolve('@microsoft/m365agentsplayground/cli.js'),
    ['-e', options.endpoint, '-c', 'msteams', '--dt', '-p', String(options.port)],
    {
      cwd: home,
      execArgv: [`--import=data:text/javascript,${encodeURIComponent(preload)}`],
      // Nothing of our environment: a proxy meant for Azure would swallow what is said on this machine.
      env: {
        TEAMSAPPTESTER_BROWSER: 'none',
        M365_AGENTS_PLAYGROUND_CONFIG_PATH: config,
        M365_AGENTS_PLAYGROUND_LOGFILE: join(home, 'playground.log'),
        TZ: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  child.on('message', (message) => {
    if (isObject(message) && typeof message['pages'] === 'number') options.onPages(message['pages']);
  });

  const port = await listeningPort(child, join(home, 'playground.log'));
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    paint: (frame) => {
      if (child.connected) child.send({ frame } as object);
    },
    close: async () => {
      await ended(child);
      if (directory === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

function configuration({ tenant, person }: PlaygroundOptions) {
  const user = (one: Person) => ({
    id: one.id,
    name: one.name,
    // Spelled so by the Playground's own schema.
    userPrincipleName: one.email,
    aadObjectId: one.aadObjectId,
    givenName: one.givenName,
    surname: one.surname,
    email: one.email,
  });
  const { team } = tenant;
  return {
    version: '0.1.1',
    tenantId: tenant.tenantId,
    bot: tenant.bot,
    currentUser: user(person),
    users: tenant.people.filter((one) => one.id !== person.id).map(user),
    personalChat: { id: personalChatId(person) },
    groupChat: { id: 'group-chat', name: 'Group Chat' },
    team: { ...team, channels: team.channels.filter((channel) => channel.id !== team.id) },
  };
}

function listeningPort(child: ChildProcess, log: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(
        new Error(
          `The Agents Playground did not start: ${why}. It said: ${said.trim() || 'nothing'} (log: ${log}).`,
        ),
      );
    };
    const timer = setTimeout(() => fail('it was not ready after 20 s'), 20_000);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with code ${code}`));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /Listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(Number(port));
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
