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

/** Whether a query failed because the store does not answer, and not because of what was asked of it. */
export function isStoreGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isStoreGone);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    SQL_STATES.test(code) ||
    SOCKET_CODES.includes(code) ||
    // What the client itself notices carries no code.
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  );
}
