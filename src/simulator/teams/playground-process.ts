import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject } from './card';
import { preloadFor } from './playground-preload';
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
      execArgv: [`--import=data:text/javascript,${encodeURIComponent(preloadFor(options.tenant.bot))}`],
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
