import type { Answers } from './answers';
import type { Findings } from './finding';
import { partsThatAre, signals } from './signals';

/** How far a failure reaches, and the evidence in words. `unconfirmed`: it looks like the region, and one person can tell. */
export interface Extent {
  readonly is: 'one resource' | 'region' | 'unconfirmed' | 'our connection';
  readonly because: string;
}

/**
 * Whether one resource has failed or the entire region. The region only when nothing in it shows life, at least two
 * parts fail, and Azure Resource Health or a person confirms it: failing over loses data and cannot be taken back,
 * and a cut in the bot's own network looks the same from here.
 */
export function extentOf(findings: Findings, answers: Answers): Extent {
  const signs = signals(findings);
  const [up, down] = [partsThatAre(signs, 'up'), partsThatAre(signs, 'down')];
  const { region } = findings;
  const unavailable =
    region.state === 'read' ? region.resources.filter(({ state }) => state === 'unavailable') : [];
  if (up.length > 0)
    return {
      is: 'one resource',
      because: `${list(up)} ${up.length === 1 ? 'answers' : 'answer'} in the same region`,
    };
  if (down.length < 2 && unavailable.length < 2)
    return { is: 'one resource', because: `only ${list(down) || 'the app'} is known to fail` };
  if (unavailable.length > 0)
    return {
      is: 'region',
      because: `nothing there answers, and Azure Resource Health calls ${unavailable.map(({ resource }) => resource).join(', ')} unavailable`,
    };
  const silence = `${list(down)} do not answer; Azure Resource Health ${region.state === 'read' ? 'reports no failure yet' : 'could not be read'}`;
  const { reach } = answers;
  if (reach?.value === 'no')
    return { is: 'region', because: `${silence}; it does not open for ${reach.by} either` };
  if (reach?.value === 'yes')
    return { is: 'our connection', because: `${silence}; but it opens for ${reach.by}` };
  return { is: 'unconfirmed', because: silence };
}

const names = { app: 'the app', secrets: 'Key Vault', database: 'the database', storage: 'storage' } as const;

function list(parts: readonly (keyof typeof names)[]): string {
  const words = parts.map((part) => names[part]);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Whether not even Microsoft's own sign-in answers: then the likeliest fault is the bot's own connection. */
export const nothingAnswers = ({ azure, app, signIn, storage }: Findings): boolean =>
  azure.state === 'silent' &&
  app.state === 'silent' &&
  signIn.state === 'silent' &&
  storage.state !== 'reachable';

/** Whether Microsoft's sign-in is out, and not just the bot's own way to it: something else must answer the bot. */
export const signInIsOut = ({ signIn, azure, app }: Findings): boolean =>
  signIn.state === 'failing' ||
  (signIn.state === 'silent' &&
    (azure.state === 'answers' || ['green', 'unhealthy', 'failing', 'refused'].includes(app.state)));
