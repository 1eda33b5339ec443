/** Connection exceptions, insufficient resources, and an operator's intervention (PostgreSQL's error classes 08, 53, 57P). */
const SQL_STATES = /^(08|53|57P)/;
const SOCKET_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

const NO_CONNECTION =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated due to connection timeout)/;
const CLIENT_WORDS = new RegExp(
  `${NO_CONNECTION.source}|^(Connection terminated|Client has encountered a connection error|Query read timeout)`,
);

/** Whether a query failed because the store does not answer, and not because of what was asked of it. */
export function isStoreGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isStoreGone);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    SQL_STATES.test(code) ||
    SOCKET_CODES.includes(code) ||
    // What the client itself notices carries no code.
    CLIENT_WORDS.test(error.message)
  );
}

/** Errors of a connection that was never made: nothing was asked over it. */
const NEVER_MADE = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', '53300', '57P03'];

/** Whether a query of which {@link isStoreGone} holds has certainly had no effect. */
export function neverReachedStore(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(neverReachedStore);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return NEVER_MADE.includes(code) || NO_CONNECTION.test(error.message);
}
