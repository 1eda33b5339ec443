import { CODE_SECONDS, type DeviceCodes, POLL_SECONDS } from './device-codes';
import type { HostAnswer } from './host';
import { type Person, personWithId, playgroundTenant } from './teams/tenant';
import { issueIdToken, issueToken, readRefreshToken, refreshToken, TOKEN_SECONDS } from './tokens';
import type { World } from './world';

/** Says no as Entra does: its OAuth error, its AADSTS number, its words. */
export type Refuse = (status: number, error: string, number: number, said: string) => HostAnswer;

/** Begins a sign-in on another device (RFC 8628 section 3.2). */
export function beginDeviceCode(codes: DeviceCodes, form: URLSearchParams, refuse: Refuse): HostAnswer {
  const clientId = form.get('client_id') ?? '';
  if (clientId === '')
    return refuse(
      400,
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'client_id'.",
    );
  const { deviceCode, userCode } = codes.begin(clientId, form.get('scope') ?? '');
  const verificationUri = 'https://microsoft.com/devicelogin';
  return {
    status: 200,
    body: {
      ...{ user_code: userCode, device_code: deviceCode, verification_uri: verificationUri },
      ...{ expires_in: CODE_SECONDS, interval: POLL_SECONDS },
      message: `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`,
    },
  };
}

/** Asks whether a person has signed in meanwhile (RFC 8628 section 3.4). */
export function deviceToken(
  world: World,
  codes: DeviceCodes,
  form: URLSearchParams,
  refuse: Refuse,
): HostAnswer {
  const clientId = form.get('client_id') ?? '';
  const signIn = codes.redeem(form.get('device_code') ?? form.get('code') ?? '', clientId);
  switch (signIn.kind) {
    case 'pending':
      return refuse(
        400,
        'authorization_pending',
        70016,
        'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
      );
    case 'expired':
      return refuse(
        400,
        'expired_token',
        70020,
        'The provided value for the input parameter device_code is not valid. This device code has expired.',
      );
    case 'unknown':
      return refuse(
        400,
        'bad_verification_code',
        70019,
        'The provided value for the input parameter device_code is not valid.',
      );
    case 'done':
      return tokensFor(world, signIn.person, clientId, signIn.scope);
  }
}

/** Gives new tokens to somebody who has signed in before. */
export function refreshedToken(world: World, form: URLSearchParams, refuse: Refuse): HostAnswer {
  const clientId = form.get('client_id') ?? '';
  const id = readRefreshToken(world.state.tenant, form.get('refresh_token') ?? '', clientId);
  const person = id === null ? undefined : personWithId(playgroundTenant, id);
  return person
    ? tokensFor(world, person, clientId, form.get('scope') ?? '')
    : refuse(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
}

function tokensFor(world: World, person: Person, clientId: string, scope: string): HostAnswer {
  const { tenant } = world.state;
  const audience = scope
    .split(' ')
    .find((wanted) => wanted.endsWith('/.default'))
    ?.slice(0, -'/.default'.length);
  const caller = {
    ...{ objectId: person.aadObjectId, applicationId: clientId },
    person: { name: person.name, username: person.email },
  };
  const clientInfo = { uid: person.aadObjectId, utid: tenant.id };
  return {
    status: 200,
    headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
    body: {
      ...{ token_type: 'Bearer', scope, expires_in: TOKEN_SECONDS, ext_expires_in: TOKEN_SECONDS },
      access_token: issueToken(tenant, caller, audience ?? 'https://management.azure.com', world.now()),
      refresh_token: refreshToken(tenant, person.aadObjectId, clientId),
      id_token: issueIdToken(tenant, caller, world.now()),
      client_info: Buffer.from(JSON.stringify(clientInfo)).toString('base64url'),
    },
  };
}
