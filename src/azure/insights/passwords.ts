import { z } from 'zod/v4';
import { type Connection, reading } from '../connection';
import { applicationAddress, applicationWords } from '../graph/applications';
import { observedProblem } from '../problem';

/** A password (client secret) of an Entra application: until when it is good. Graph shows no value of it. */
export interface Password {
  /** Null: it has no end. */
  readonly endsOn: Date | null;
}

const withPasswords = z.object({
  passwordCredentials: z.array(z.object({ endDateTime: z.iso.datetime({ offset: true }).nullish() })),
});

/** `GET /applications(appId='…')?$select=passwordCredentials` (Microsoft Graph v1.0). */
export async function passwords(azure: Connection, application: string): Promise<readonly Password[]> {
  const body = await azure.call(reading(applicationWords(application)), (abortSignal) =>
    azure.graph('GET', `${applicationAddress(application)}?$select=id,passwordCredentials`, abortSignal),
  );
  const read = withPasswords.safeParse(body);
  if (!read.success)
    throw observedProblem(
      'PasswordsUnreadable',
      'What Microsoft Graph answered about the passwords cannot be read.',
    );
  return read.data.passwordCredentials.map(({ endDateTime }) => ({
    endsOn: endDateTime ? new Date(endDateTime) : null,
  }));
}
