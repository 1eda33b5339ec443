import type { Connection } from '../connection';
import type { Look, OperationHandler, OperationOf, Polled, Sent } from '../operation';
import { observedProblem } from '../problem';
import { sameName } from '../resource-id';
import { deletedSecrets, secretWords, versionsOf } from './secrets';

type Recover = OperationOf<'vault.recover-secret'>;

/** Azure recovers within seconds, now and then a few minutes; what is not there after this long will not come. */
const GONE_AFTER_MS = 15 * 60_000;

/**
 * RecoverDeletedSecret, until the secret's versions are listed again. While Azure works on it the secret is neither
 * among the deleted ones nor among the others, so when it was begun tells a recovery from a purge.
 */
export const recoverSecret = (azure: Connection): OperationHandler<Recover> => ({
  rest: ({ secret }) => `POST …/deletedsecrets/${secret}/recover`,
  target: ({ secret }) => secret,
  look: (operation, sent) => look(azure, operation, sent),
  begin: async (operation, sent) => {
    const { vault, secret } = operation;
    const words = { doing: 'Recovering', resource: secretWords(vault, secret) };
    await azure.call(words, (abortSignal) =>
      azure.secrets(vault.vault).beginRecoverDeletedSecret(secret, { abortSignal }),
    );
    return { state: 'accepted', token: sent.intendedAt.toISOString() };
  },
  poll: async (operation, token): Promise<Polled> => {
    const sent = { requestId: '', intendedAt: new Date(token), resumed: true };
    const seen = await look(azure, operation, sent);
    if (seen.state === 'blocked') throw seen.problem;
    if (seen.state === 'done') return seen;
    return { state: 'under way', percent: null, retryAfterMs: null };
  },
});

async function look(
  azure: Connection,
  { vault, secret }: Recover,
  { resumed, intendedAt }: Sent,
): Promise<Look> {
  const deleted = await deletedSecrets(azure, vault);
  if (deleted.some(({ name }) => sameName(name, secret))) return { state: 'absent' };
  // In this order: a recovery that ends between the two readings is then seen.
  if ((await versionsOf(azure, vault, secret)).length > 0) return { state: 'done', facts: {} };
  if (resumed && azure.now().getTime() - intendedAt.getTime() < GONE_AFTER_MS)
    return { state: 'under way', percent: null };
  return {
    state: 'blocked',
    problem: observedProblem(
      'SecretPurged',
      `There is no ${secretWords(vault, secret)}, and it is not among the deleted ones either: it was purged and cannot be recovered. Stop this run and ask for the recovery again: the plan then sets a new value.`,
    ),
  };
}
