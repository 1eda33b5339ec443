import { AzureProblem } from '../../../azure/operation';
import type { ProtectedApp } from '../../../engine/estate';
import type { SignInFinding } from '../finding';
import type { Probing } from './probe';
import { at, lastSeen, utc, within } from './within';

/** Whether users can begin to sign in, and whether the app's own password for it is still good. */
export async function probeSignIn({ app, azure, now, tenant, partMs }: Probing): Promise<SignInFinding> {
  const [metadata, password] = await Promise.all([
    tenant.then((id) =>
      lastSeen(
        () => azure.insights.signIn(id),
        ({ state }) => state === 'answers',
        partMs,
      ),
    ),
    within(partMs, passwordOf(app, azure, now), () => notRead('Timeout')),
  ]);
  const words = [metadata.words, password.words].filter((part) => part !== '').join(' ');
  return { state: metadata.state, password: password.state, words, at: at(now) };
}

interface Password {
  readonly state: SignInFinding['password'];
  readonly words: string;
}

async function passwordOf(app: ProtectedApp, azure: Probing['azure'], now: () => Date): Promise<Password> {
  const secret = app.secrets.find(({ kind }) => kind === 'entra-client-secret');
  if (secret?.kind !== 'entra-client-secret') return { state: 'unknown', words: '' };
  try {
    const passwords = await azure.insights.passwords(secret.application);
    const ends = passwords
      .map(({ endsOn }) => endsOn)
      .sort((a, b) => Number(b ?? Infinity) - Number(a ?? Infinity));
    const [last] = ends;
    if (last === undefined)
      return { state: 'none', words: "The app's Entra application has no client secret at all." };
    if (last === null) return { state: 'valid', words: 'A client secret of the app has no end.' };
    return last.getTime() <= now().getTime()
      ? { state: 'expired', words: `The app's client secret expired on ${utc(last)}.` }
      : { state: 'valid', words: `A client secret of the app is valid until ${utc(last)}.` };
  } catch (error) {
    if (!(error instanceof AzureProblem)) throw error;
    return notRead(error.details.code);
  }
}

const notRead = (code: string): Password => ({
  state: 'unknown',
  words: `Whether the app's client secret is valid could not be read (${code}).`,
});
