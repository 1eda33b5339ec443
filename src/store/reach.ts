import { Client } from 'pg';

/**
 * Connects to a PostgreSQL once, to know at the start that it is there.
 * @throws Error in words, with the server's address and never with the password, when it does not let us in.
 */
export async function reach(url: string, withinMs = 10_000): Promise<void> {
  const { where, password } = addressIn(url);
  let client: Client | null = null;
  try {
    client = new Client({ connectionString: url, connectionTimeoutMillis: withinMs });
    client.on('error', () => undefined);
    await client.connect();
  } catch (error) {
    const why = reasonOf(error);
    // Without the error as its cause: what it holds may show the password in a log.
    throw new Error(
      `The store ${where} cannot be used: ${password ? why.replaceAll(password, '***') : why}. Check DATABASE_URL and that the server is up and lets this machine in; without DATABASE_URL the bot brings a store of its own.`,
    );
  } finally {
    await client?.end().catch(() => undefined);
  }
}

function addressIn(url: string): { readonly where: string; readonly password: string } {
  try {
    const { hostname, port, pathname, username, password } = new URL(url);
    const where = `${hostname}:${port || '5432'}${pathname} (as ${decodeURIComponent(username) || 'nobody'})`;
    return { where, password: decodeURIComponent(password) };
  } catch {
    return { where: 'in DATABASE_URL', password: '' };
  }
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('code' in error && error.code === 'ERR_INVALID_URL')
    return 'its address cannot be read; special characters in the password must be percent-encoded';
  // Node tries every address of a host, and says what went wrong with each.
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.map(reasonOf).join('; ');
  return 'message' in error ? String(error.message) : 'no reason given';
}
