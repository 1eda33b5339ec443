import { z } from 'zod/v4';
import type { Cause } from './problem';

/** What the credentials of `@azure/identity` throw; they are told by name, as its documentation says. */
const failure = z.object({
  name: z.enum([
    'AuthenticationError',
    'AggregateAuthenticationError',
    'AuthenticationRequiredError',
    'CredentialUnavailableError',
  ]),
  message: z.string(),
  statusCode: z.number().optional(),
  errorResponse: z.object({ errorDescription: z.string().optional() }).optional(),
});

/** Why no token could be had, or null when the error is about something else. Entra's own code and words, if any. */
export function signInFailure(error: unknown): Cause | null {
  const parsed = failure.safeParse(error);
  if (!parsed.success) return null;
  const { message, statusCode, errorResponse } = parsed.data;
  const text = errorResponse?.errorDescription ?? message;
  const [, code, words] = /(AADSTS\d+): (.*?)(?: Trace ID:|[\r\n]|$)/.exec(text) ?? [];
  if (code && words) return refusal(code, statusCode, words, false);
  if (parsed.data.name === 'AuthenticationError' && text.includes('network_error')) {
    const noWay =
      "no token could be had, since Entra's sign-in (login.microsoftonline.com) cannot be reached";
    return refusal('Unreachable', undefined, noWay, true);
  }
  const why = isUnreadable.test(text)
    ? "Entra's sign-in (login.microsoftonline.com) refused it and gave no reason"
    : text.replace(/\s+/g, ' ').slice(0, 300);
  const none = `no token could be had: ${why}`;
  return refusal('AuthenticationFailed', statusCode, none, (statusCode ?? 0) >= 500);
}

/** What the SDK makes of an answer that is not Entra's, such as that of a proxy on the way. */
const isUnreadable = /\[object Object\]/;

const refusal = (code: string, status: number | undefined, said: string, passing: boolean): Cause => ({
  code,
  status: status ?? null,
  said,
  passing,
});
