import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Calls back once when `npm` is gone that has started this process: killed with -9 it says nothing to those below it,
 * and they would hold the ports for ever. Does nothing where npm did not start us or the system does not tell.
 */
export function whenNpmIsGone(environment: NodeJS.ProcessEnv, gone: () => void): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  // npm runs a shell, which stays where it is when npm dies.
  const npm = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === npm) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The parent of a process (Linux, proc(5)); null where the system does not tell. */
function parentOf(pid: number): number | null {
  try {
    // The second field, in parentheses, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]);
  } catch {
    return null;
  }
}
