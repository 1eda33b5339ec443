import { z } from 'zod/v4';
import { type Connection, reading } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { OperationHandler, OperationOf } from '../operation';
import { applicationAddress, applicationWords } from './applications';

type RemovePassword = OperationOf<'entra.remove-password'>;

const DAY_MS = 86_400_000;

/** A year: long enough not to be forgotten within an incident, and short enough for Microsoft's advice. */
const PASSWORD_DAYS = 365;

const withPasswords = z.object({
  passwordCredentials: z.array(z.object({ keyId: z.string(), displayName: z.string().nullish() })),
});

/** What a password of ours is called in Entra, so that it is found again and known for what it is. */
const nameOf = (mark: string): string => `dr-bot ${mark}`;

/**
 * `addPassword`: a new password of an Entra application, whose value Graph shows this once. Earlier ones of the same
 * mark are removed first: they were made by a try that ended before their value was in the vault, so nobody knows it.
 */
export async function passwordFor(azure: Connection, application: string, mark: string): Promise<string> {
  await removeOurs(azure, application, mark);
  const endDateTime = new Date(azure.now().getTime() + PASSWORD_DAYS * DAY_MS).toISOString();
  const words = { doing: 'Making a new password of', resource: applicationWords(application) };
  const body = await azure.call(words, (abortSignal) =>
    azure.graph('POST', `${applicationAddress(application)}/addPassword`, abortSignal, {
      body: { passwordCredential: { displayName: nameOf(mark), endDateTime } },
    }),
  );
  return z.object({ secretText: z.string().min(1) }).parse(body).secretText;
}

/** `removePassword` of the passwords that a run made. */
export function removePassword(azure: Connection): OperationHandler<RemovePassword> {
  const one: AtOnce<RemovePassword> = {
    rest: ({ application }) => `POST /applications(appId='${application}')/removePassword`,
    target: ({ application }) => application,
    words: ({ application }) => ({
      doing: 'Removing a password of',
      resource: applicationWords(application),
    }),
    look: async ({ application, mark }) =>
      (await ours(azure, application, mark)).length === 0
        ? { state: 'done', facts: {} }
        : { state: 'absent' },
    send: async ({ application, mark }) => {
      await removeOurs(azure, application, mark);
      return {};
    },
  };
  return atOnce(azure, one);
}

async function removeOurs(azure: Connection, application: string, mark: string): Promise<void> {
  for (const keyId of await ours(azure, application, mark)) {
    const words = { doing: 'Removing a password of', resource: applicationWords(application) };
    await azure.call(words, (abortSignal) =>
      azure.graph('POST', `${applicationAddress(application)}/removePassword`, abortSignal, {
        body: { keyId },
      }),
    );
  }
}

/** The key ids of the passwords that bear this mark. */
async function ours(azure: Connection, application: string, mark: string): Promise<readonly string[]> {
  const body = await azure.call(reading(applicationWords(application)), (abortSignal) =>
    azure.graph('GET', `${applicationAddress(application)}?$select=id,passwordCredentials`, abortSignal),
  );
  return withPasswords
    .parse(body)
    .passwordCredentials.filter(({ displayName }) => displayName === nameOf(mark))
    .map(({ keyId }) => keyId);
}
