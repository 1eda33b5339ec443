import type { Connection } from '../connection';
import type { Look, OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import { newValue } from './new-value';
import { MARK, secretWords, versionsOf } from './secrets';

type SetSecret = OperationOf<'vault.set-secret'>;

/** How long to wait until the vault is looked at again: a person needs minutes. */
const LOOK_AGAIN_MS = 2_000;

/** The poll token while a person is waited for. */
const waiting = 'entered';

/**
 * SetSecret. The value goes from where it is made to the vault inside `begin` and is kept nowhere; that it was done is
 * told by the tag on the version. A value that a person enters is written by {@link enterSecret}, and only waited for
 * here.
 */
export const setSecret = (azure: Connection): OperationHandler<SetSecret> => ({
  rest: ({ secret }) => `PUT …/secrets/${secret}`,
  target: ({ secret }) => secret,
  look: (operation) => look(azure, operation),
  begin: async (operation) => {
    if (operation.source.from === 'entered') return { state: 'accepted', token: waiting };
    const value = await newValue(azure, operation.source, operation.mark);
    return { state: 'done', facts: await write(azure, operation, value) };
  },
  // Every request for a new password of an application makes one more, and every one for a version the current one.
  harmfulLate: ({ source }) => source.from !== 'entered',
  poll: async (operation) => {
    const seen = await look(azure, operation);
    if (seen.state === 'done') return seen;
    return { state: 'under way', percent: null, retryAfterMs: LOOK_AGAIN_MS, waitsForPerson: true };
  },
});

/**
 * Writes a value that a person entered, where a run waits for it. A second value for the same run is refused: the
 * first may be in use already. @throws AzureProblem, `AlreadyEntered` among them.
 */
export async function enterSecret(azure: Connection, operation: SetSecret, value: string): Promise<void> {
  const { vault, secret } = operation;
  if ((await look(azure, operation)).state === 'done') {
    throw observedProblem(
      'AlreadyEntered',
      `A value for ${secretWords(vault, secret)} was entered already. Nothing was changed now.`,
    );
  }
  await write(azure, operation, value);
}

async function write(azure: Connection, { vault, secret, mark }: SetSecret, value: string) {
  const words = { doing: 'Setting', resource: secretWords(vault, secret) };
  const { properties } = await azure.call(words, (abortSignal) =>
    azure.secrets(vault.vault).setSecret(secret, value, { tags: { [MARK]: mark }, abortSignal }),
  );
  return { version: properties.version ?? null };
}

async function look(azure: Connection, { vault, secret, mark }: SetSecret): Promise<Look> {
  const versions = await versionsOf(azure, vault, secret);
  const ours = versions.find(({ tags }) => tags?.[MARK] === mark);
  return ours ? { state: 'done', facts: { version: ours.version ?? null } } : { state: 'absent' };
}
