import { createHash } from 'node:crypto';
import { errorBody } from '../azure-error';
import type { HostAnswer, HostRequest } from '../host';
import type { DataChange, SiteProcess } from '../state';
import { checkToken } from '../tokens';
import type { World } from '../world';
import { connect, setting } from './app-database';

/** More entries than these are not given at once; who wants older ones asks with an earlier `until`. */
const MOST = 1_000;

/**
 * `GET /api/audit?since=<time>&until=<time>`: who changed which rows of the app's database, newest first, as its own
 * history has it. For callers that Entra has given a token for the app (`api://<its client id>`).
 */
export function auditTrail(world: World, request: HostRequest, process: SiteProcess): HostAnswer {
  const audience = `api://${setting(process, 'AzureAd__ClientId')}`;
  const refused = signInRefused(world, request, audience);
  if (refused !== undefined) {
    return refused;
  }
  const [since, until] = ['since', 'until'].map((name) => request.query.get(name));
  const from = Date.parse(since ?? '');
  const to = until === null || until === undefined ? world.now().getTime() : Date.parse(until);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    return refuse(400, 'BadRequest', 'Give since, and until if you like, as ISO 8601 times in UTC.');
  }
  const database = connect(world, process);
  if (typeof database === 'string' || process.pooledDatabaseId !== database.databaseId) {
    const said = typeof database === 'string' ? database : 'The database was swapped: restart the app.';
    return refuse(503, 'DatabaseUnavailable', said);
  }
  const entries = database.history
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to)
    .map(entryOf)
    .reverse()
    .slice(0, MOST);
  return { status: 200, headers: { 'cache-control': 'no-store' }, body: { entries } };
}

function entryOf(change: DataChange) {
  const { at, by, table, rows } = change;
  const id = createHash('sha256').update(`${at}|${by}|${table}|${rows}`).digest('hex').slice(0, 16);
  return { id, at, by, action: rows < 0 ? 'delete' : 'insert', table, rows: Math.abs(rows) };
}

function signInRefused(world: World, request: HostRequest, audience: string): HostAnswer | undefined {
  const [scheme = '', token = ''] = (request.headers['authorization'] ?? '').split(' ');
  const check = checkToken(world.state.tenant, token, [audience], world.now());
  if (scheme.toLowerCase() === 'bearer' && check.kind === 'valid') {
    return undefined;
  }
  const authority = `https://login.microsoftonline.com/${world.state.tenant.id}`;
  const challenge = `Bearer authorization_uri="${authority}", resource_id="${audience}"`;
  const answer = refuse(401, 'Unauthorized', 'A token for this app is needed.');
  return { ...answer, headers: { 'www-authenticate': challenge } };
}

function refuse(status: number, code: string, message: string): HostAnswer {
  return { status, body: errorBody(code, message) };
}
