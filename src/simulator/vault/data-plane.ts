import type { HostAnswer, HostHandler, HostRequest } from '../host';
import { type Caller, checkToken } from '../tokens';
import { newId, type World } from '../world';
import { authorize } from './access';
import { type SecretCall, secretRoutes } from './secrets';
import { VaultError } from './vault-error';
import { answers, vaultNamed } from './vaults';

const AUDIENCE = 'https://vault.azure.net';

/** What @azure/keyvault-secrets 4.11 sends, and the versions of it that are published. */
const apiVersions = ['2025-07-01', '7.6', '7.5', '7.4'];

/** `*.vault.azure.net`: the secrets of a vault (Key Vault data plane 7.5), behind its authentication challenge. */
export function vaultDataPlane(world: World): HostHandler {
  return (request) => {
    const headers = {
      'cache-control': 'no-cache',
      pragma: 'no-cache',
      'x-ms-request-id': newId(world.state),
      'x-ms-keyvault-service-version': '1.9.2000.1',
      'x-content-type-options': 'nosniff',
    };
    try {
      const answer = serve(world, request);
      return { ...answer, headers: { ...headers, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof VaultError)) {
        throw error;
      }
      const { status, code, message, inner } = error;
      const said = { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) };
      return {
        status,
        headers: status === 401 ? { ...headers, 'www-authenticate': challenge(world) } : headers,
        body: { error: said },
      };
    }
  };
}

/** True when DNS knows the vault of this host: a deleted vault's name leads nowhere. */
export function knowsVaultHost(world: World, host: string): boolean {
  const vault = vaultNamed(world, host.split('.')[0] ?? '');
  return vault !== undefined && answers(world, vault);
}

function serve(world: World, request: HostRequest): HostAnswer {
  const name = request.host.split('.')[0] ?? '';
  const vault = vaultNamed(world, name);
  // Over a connection that was opened before the vault went.
  if (vault === undefined || !answers(world, vault)) {
    throw new VaultError(404, 'VaultNotFound', `The vault '${name}' was not found.`);
  }
  if (world.state.regionsDown[vault.location] !== undefined) {
    throw new VaultError(503, 'ServiceUnavailable', 'The service is temporarily unavailable.');
  }
  const caller = authenticate(world, request);
  const version = request.query.get('api-version') ?? '';
  if (!apiVersions.includes(version)) {
    const said = `The specified version (${version}) is not recognized. Consider using the latest supported version (7.5).`;
    throw new VaultError(400, 'BadParameter', said);
  }
  for (const { method, path, permission, handler } of secretRoutes) {
    const found = method === request.method ? path.exec(request.path) : null;
    if (found === null) {
      continue;
    }
    const [, secret = '', secretVersion = ''] = found.map((part) => decodeURIComponent(part ?? ''));
    authorize(world, vault, caller, permission, secret);
    const call: SecretCall = { world, vault, request, secret, version: secretVersion };
    return handler(call);
  }
  world.log(`unknown: ${request.method} https://${request.host}${request.path}`);
  throw new VaultError(404, 'NotFound', `There is no ${request.method} ${request.path} in this vault.`);
}

function authenticate(world: World, request: HostRequest): Caller {
  const [scheme = '', token] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === undefined) {
    throw new VaultError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.');
  }
  const check = checkToken(world.state.tenant, token, [AUDIENCE], world.now());
  switch (check.kind) {
    case 'valid':
      return check.caller;
    case 'expired':
      throw new VaultError(401, 'Unauthorized', 'AKV10046: The access token is expired.');
    case 'wrong-audience':
      throw new VaultError(
        401,
        'Unauthorized',
        `AKV10022: Invalid audience. Expected ${AUDIENCE}, found: ${check.audience}.`,
      );
    case 'invalid':
      throw new VaultError(401, 'Unauthorized', 'AKV10034: The token is not valid.');
  }
}

function challenge(world: World): string {
  return `Bearer authorization="https://login.microsoftonline.com/${world.state.tenant.id}", resource="${AUDIENCE}"`;
}
