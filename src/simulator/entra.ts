import type { DeviceCodes } from './device-codes';
import { beginDeviceCode, deviceToken, refreshedToken } from './entra-device';
import type { HostAnswer, HostHandler, HostRequest } from './host';
import { issueToken, TOKEN_SECONDS } from './tokens';
import { newId, type World } from './world';

/** `login.microsoftonline.com`: instance discovery, OpenID metadata and the token endpoint for applications (RFC 6749 section 4.4) and for people who sign in on another device (RFC 8628). */
export function entra(world: World, codes: DeviceCodes): HostHandler {
  return (request) => {
    const [tenant = '', ...rest] = request.path.split('/').slice(1);
    const page = rest.join('/').toLowerCase();
    if (tenant === 'common' && page === 'discovery/instance') {
      return instanceDiscovery(request);
    }
    if (page === 'v2.0/.well-known/openid-configuration' && tenant.toLowerCase() === 'organizations') {
      return metadata('organizations');
    }
    if (page === 'v2.0/.well-known/openid-configuration') {
      return isTenant(world, tenant) ? metadata(world.state.tenant.id) : unknownTenant(world, tenant);
    }
    if (page === 'discovery/v2.0/keys') {
      return { status: 200, body: { keys: [] } };
    }
    if (page === 'oauth2/v2.0/token') {
      return isTenant(world, tenant) ? token(world, codes, request) : unknownTenant(world, tenant);
    }
    if (page === 'oauth2/v2.0/devicecode') {
      const form = new URLSearchParams(request.text);
      return isTenant(world, tenant)
        ? beginDeviceCode(codes, form, (...said) => refuse(world, ...said))
        : unknownTenant(world, tenant);
    }
    world.log(`unknown: ${request.method} https://${request.host}${request.path}`);
    return {
      status: 404,
      body: { error: 'not_found', error_description: `There is nothing at ${request.path}.` },
    };
  };
}

function isTenant(world: World, name: string): boolean {
  return name.toLowerCase() === world.state.tenant.id || name.toLowerCase() === world.state.tenant.domain;
}

function instanceDiscovery(request: HostRequest): HostAnswer {
  const aliases = [
    'login.microsoftonline.com',
    'login.windows.net',
    'login.microsoft.com',
    'sts.windows.net',
  ];
  const tenant =
    /microsoftonline\.com\/([^/]+)\//.exec(request.query.get('authorization_endpoint') ?? '')?.[1] ??
    'common';
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [
        { preferred_network: 'login.microsoftonline.com', preferred_cache: 'login.windows.net', aliases },
      ],
    },
  };
}

function metadata(tenantId: string): HostAnswer {
  const authority = `https://login.microsoftonline.com/${tenantId}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${authority}/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${authority}/oauth2/v2.0/devicecode`,
      tenant_region_scope: 'NA',
      cloud_instance_name: 'microsoftonline.com',
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
    },
  };
}

function token(world: World, codes: DeviceCodes, request: HostRequest): HostAnswer {
  const form = new URLSearchParams(request.text);
  switch (form.get('grant_type')) {
    case 'device_code':
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return deviceToken(world, codes, form, (...said) => refuse(world, ...said));
    case 'refresh_token':
      return refreshedToken(world, form, (...said) => refuse(world, ...said));
    default:
      return applicationToken(world, form);
  }
}

function applicationToken(world: World, form: URLSearchParams): HostAnswer {
  const { tenant } = world.state;
  const clientId = form.get('client_id') ?? '';
  const application = tenant.applications.find((known) => known.clientId === clientId);
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse(
      world,
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form.get('grant_type')}'.`,
    );
  }
  if (application === undefined) {
    const said = `Application with identifier '${clientId}' was not found in the directory '${tenant.domain}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
    return refuse(world, 400, 'unauthorized_client', 700016, said);
  }
  if (form.get('client_secret') !== application.secret) {
    const said = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`;
    return refuse(world, 401, 'invalid_client', 7000215, said);
  }
  const scope = form
    .get('scope')
    ?.split(' ')
    .find((wanted) => wanted.endsWith('/.default'));
  if (scope === undefined) {
    const said = `The provided value for the input parameter 'scope' is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
    return refuse(world, 400, 'invalid_scope', 1002012, said);
  }
  const caller = { objectId: application.objectId, applicationId: clientId };
  const accessToken = issueToken(tenant, caller, scope.slice(0, -'/.default'.length), world.now());
  return {
    status: 200,
    headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' },
    body: {
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      ext_expires_in: TOKEN_SECONDS,
      access_token: accessToken,
    },
  };
}

function unknownTenant(world: World, name: string): HostAnswer {
  const said = `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
  return refuse(world, 400, 'invalid_request', 90002, said);
}

function refuse(world: World, status: number, error: string, number: number, said: string): HostAnswer {
  const time = `${world.now().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const traceId = newId(world.state);
  const correlationId = newId(world.state);
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${said} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${time}`,
      error_codes: [number],
      timestamp: time,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    },
  };
}
