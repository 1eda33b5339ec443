import { randomBytes } from 'node:crypto';
import { DAY } from '../clock';
import type { HostAnswer, HostHandler, HostRequest } from '../host';
import { at, isObject, textAt } from '../json';
import { checkToken } from '../tokens';
import { newId, timeStamp, type World } from '../world';
import type { Application, ApplicationPassword } from './state';

const AUDIENCE = 'https://graph.microsoft.com';

/** True for the requests of Microsoft Graph that are about app registrations; the others are about Teams. */
export const isAboutApplications = (path: string): boolean => /^\/v1\.0\/applications(?:[/(]|$)/.test(path);

/** App registrations (Microsoft Graph v1.0, application): read, redirect URIs, passwords. Any application of the tenant may, as an owner may. */
export function applications(world: World): HostHandler {
  return (request) => {
    const refused = refusal(world, request);
    if (refused !== undefined) {
      return refused;
    }
    const [, byAppId, byObjectId, action] =
      /^\/v1\.0\/applications(?:\(appId='([^']*)'\)|\/([^/]+))?(?:\/(\w+))?$/.exec(
        decodeURIComponent(request.path),
      ) ?? [];
    const all = Object.values(world.state.applications);
    if (byAppId === undefined && byObjectId === undefined) {
      return request.method === 'GET'
        ? { status: 200, body: { value: all.map((one) => select(request, view(one))) } }
        : notAllowed(request);
    }
    const found = all.find((one) => one.appId === byAppId || one.objectId === byObjectId);
    if (found === undefined) {
      const said = `Resource '${byAppId ?? byObjectId}' does not exist or one of its queried reference-property objects are not present.`;
      return failure(404, 'Request_ResourceNotFound', said);
    }
    switch (`${request.method} ${action ?? ''}`) {
      case 'GET ':
        return { status: 200, body: select(request, view(found)) };
      case 'PATCH ':
        return patch(request, found);
      case 'POST addPassword':
        return addPassword(world, request, found);
      case 'POST removePassword':
        return removePassword(request, found);
      default:
        world.log(`unknown: ${request.method} https://${request.host}${request.path}`);
        return notAllowed(request);
    }
  };
}

/** Graph's refusal of a request without a good token; undefined when it has one. */
export function refusal(world: World, request: HostRequest): HostAnswer | undefined {
  const [scheme = '', token = ''] = (request.headers['authorization'] ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === '') {
    return failure(401, 'InvalidAuthenticationToken', 'Access token is empty.');
  }
  const check = checkToken(world.state.tenant, token, [AUDIENCE], world.now());
  switch (check.kind) {
    case 'valid':
      return undefined;
    case 'expired':
      return failure(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
    case 'wrong-audience':
      return failure(401, 'InvalidAuthenticationToken', 'Access token validation failure. Invalid audience.');
    case 'invalid':
      return failure(401, 'InvalidAuthenticationToken', 'CompactToken validation failed.');
  }
}

function view(one: Application) {
  return {
    id: one.objectId,
    appId: one.appId,
    displayName: one.displayName,
    spa: { redirectUris: one.spaRedirectUris },
    web: { redirectUris: one.webRedirectUris, homePageUrl: null, logoutUrl: null },
    passwordCredentials: one.passwords.map((password) => passwordView(password)),
  };
}

function passwordView({ value, ...password }: ApplicationPassword) {
  return { customKeyIdentifier: null, hint: value.slice(0, 3), secretText: null, ...password };
}

/** Only what `$select` asks for. */
export function select(request: HostRequest, body: Readonly<Record<string, unknown>>): unknown {
  const wanted = request.query.get('$select')?.split(',');
  return wanted === undefined
    ? body
    : Object.fromEntries(Object.entries(body).filter(([name]) => wanted.includes(name)));
}

/** A list that is given is the whole new list; what is not given stays. Passwords cannot be changed this way. */
function patch(request: HostRequest, application: Application): HostAnswer {
  if (at(request.body, 'passwordCredentials') !== undefined) {
    const said = 'Updates to passwordCredentials are only allowed through addPassword and removePassword.';
    return failure(400, 'Request_BadRequest', said);
  }
  const spa = urisIn(request.body, 'spa') ?? application.spaRedirectUris;
  const web = urisIn(request.body, 'web') ?? application.webRedirectUris;
  const wrong = [...spa, ...web].find((uri) => !/^(https:\/\/|http:\/\/localhost(?:[:/]|$))/.test(uri));
  if (wrong !== undefined) {
    return failure(
      400,
      'Request_BadRequest',
      `Invalid value specified for property 'redirectUris': ${wrong}`,
    );
  }
  if (
    spa.some((uri) => web.includes(uri)) ||
    new Set(spa).size + new Set(web).size < spa.length + web.length
  ) {
    return failure(400, 'Request_BadRequest', 'Redirect URIs must have distinct values.');
  }
  application.spaRedirectUris = spa;
  application.webRedirectUris = web;
  return { status: 204 };
}

function urisIn(body: unknown, platform: 'spa' | 'web'): readonly string[] | undefined {
  const uris = at(body, platform, 'redirectUris');
  return Array.isArray(uris) ? uris.filter((uri): uri is string => typeof uri === 'string') : undefined;
}

function addPassword(world: World, request: HostRequest, application: Application): HostAnswer {
  const asked = at(request.body, 'passwordCredential');
  const twoYears = new Date(world.now().getTime() + 730 * DAY).toISOString();
  const password: ApplicationPassword = {
    keyId: newId(world.state),
    displayName: textAt(asked, 'displayName') ?? null,
    startDateTime: textAt(asked, 'startDateTime') ?? timeStamp(world),
    endDateTime: textAt(asked, 'endDateTime') ?? twoYears,
    // Real chance, unlike the ids: a value that can be foretold would make the demo's tests too easy.
    value: randomBytes(30).toString('base64url'),
  };
  application.passwords = [...application.passwords, password];
  return { status: 200, body: { ...passwordView(password), secretText: password.value } };
}

function removePassword(request: HostRequest, application: Application): HostAnswer {
  const keyId = isObject(request.body) ? textAt(request.body, 'keyId') : undefined;
  if (!application.passwords.some((password) => password.keyId === keyId)) {
    return failure(404, 'Request_ResourceNotFound', `No password credential found with keyId '${keyId}'.`);
  }
  application.passwords = application.passwords.filter((password) => password.keyId !== keyId);
  return { status: 204 };
}

/** Graph's answer to a method that an address does not take. */
export function notAllowed(request: HostRequest): HostAnswer {
  return failure(405, 'Request_BadRequest', `Specified HTTP method is not allowed: ${request.method}.`);
}

/** A refusal as Graph words it. */
export function failure(status: number, code: string, message: string): HostAnswer {
  return { status, body: { error: { code, message } } };
}
