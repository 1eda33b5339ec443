import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** How PostgreSQL's programs are started: it refuses to run as root. */
export interface RunAs {
  /** The account whose files they must be, or null when we are an ordinary user already. */
  readonly ids: { readonly uid: number; readonly gid: number } | null;
  readonly spawn: (program: string, args: readonly string[]) => ChildProcess;
}

const start = (program: string, args: readonly string[], options: { uid?: number; gid?: number } = {}) =>
  // Its own process group: Ctrl-C in the terminal must reach the bot first, which then stops the server in order.
  spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });

/**
 * Starts programs as an ordinary user: as ourselves, or, when we are root (containers, CI), as `nobody`. There the
 * right to read past directory permissions is kept, because a checkout under /root is closed to everybody else.
 * @throws Error in words when we are root on a system without such an account.
 */
export async function unprivileged(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { ids: null, spawn: start };
  const ids = await accountIds(['postgres', 'nobody']);
  if (!ids) {
    throw new Error(
      'PostgreSQL refuses to run as root and this system has no account "postgres" or "nobody". Start the bot as an ' +
        'ordinary user, or set DATABASE_URL.',
    );
  }
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (!setpriv) return { ids, spawn: (program, args) => start(program, args, ids) };
  const become = [
    ...[`--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  ];
  return { ids, spawn: (program, args) => start(setpriv, [...become, program, ...args]) };
}

async function accountIds(names: readonly string[]): Promise<{ uid: number; gid: number } | null> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of names) {
    const account = accounts.find(([account]) => account === name);
    if (account?.[2] && account[3]) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  return null;
}
