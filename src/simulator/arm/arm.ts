import { AzureError, errorBody } from '../azure-error';
import type { HostAnswer, HostHandler, HostRequest } from '../host';
import type { OperationFault } from '../state';
import { type Caller, checkToken } from '../tokens';
import { newId, type World } from '../world';
import { recordWrite } from './activity-log';
import { refuseWhenLocked } from './locks';
import { type Call, pathPattern, type Route } from './route';

/** The audiences that Azure Resource Manager accepts, without trailing slashes. */
const AUDIENCES = ['https://management.azure.com', 'https://management.core.windows.net'];

interface Entry {
  readonly route: Route;
  readonly pattern: RegExp;
}

/** `management.azure.com`: signs in, finds the route, keeps Azure Resource Manager's own rules, and words every refusal as it does. */
export function arm(
  world: World,
  routes: readonly Route[],
  takeOperationFault: (method: string, target: string) => OperationFault | undefined,
): HostHandler {
  const table = routes.map((route): Entry => ({ route, pattern: pathPattern(route.path) }));
  return (request) => {
    const correlationId = request.headers['x-ms-correlation-request-id'] ?? newId(world.state);
    const headers = usualHeaders(world, request, correlationId);
    try {
      const caller = authenticate(world, request);
      const answer = dispatch(world, table, request, caller, correlationId, () =>
        takeOperationFault(request.method, `${request.host}${request.path}`),
      );
      return { ...answer, headers: { ...headers, ...answer.headers } };
    } catch (error) {
      if (!(error instanceof AzureError)) {
        throw error;
      }
      return {
        status: error.status,
        headers: { ...headers, 'x-ms-failure-cause': 'service', ...error.headers },
        body: errorBody(error.code, error.message, error.details),
      };
    }
  };
}

function usualHeaders(world: World, request: HostRequest, correlationId: string): Record<string, string> {
  const requestId = newId(world.state);
  const time = `${world.now().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const remaining = { DELETE: 'deletes', GET: 'reads', HEAD: 'reads' }[request.method] ?? 'writes';
  const clientRequestId = request.headers['x-ms-client-request-id'];
  const echo = request.headers['x-ms-return-client-request-id']?.toLowerCase() === 'true' && clientRequestId;
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': correlationId,
    'x-ms-routing-request-id': `EASTUS:${time}:${requestId}`,
    [`x-ms-ratelimit-remaining-subscription-${remaining}`]: remaining === 'reads' ? '249' : '199',
    ...(echo ? { 'x-ms-client-request-id': echo } : {}),
  };
}

function authenticate(world: World, request: HostRequest): Caller {
  const [scheme = '', token] = (request.headers['authorization'] ?? '').split(' ');
  const refuse = (code: string, message: string): AzureError => {
    const authority = `https://login.microsoftonline.com/${world.state.tenant.id}`;
    const challenge = `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message}"`;
    return new AzureError(401, code, message, { 'www-authenticate': challenge });
  };
  if (scheme.toLowerCase() !== 'bearer' || token === undefined) {
    throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const check = checkToken(world.state.tenant, token, AUDIENCES, world.now());
  switch (check.kind) {
    case 'valid':
      return check.caller;
    case 'expired':
      throw refuse(
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${check.at.toISOString()}' is earlier than current UTC time '${world.now().toISOString()}'.`,
      );
    case 'wrong-audience':
      throw refuse(
        'InvalidAuthenticationTokenAudience',
        `The access token has been obtained for wrong audience or resource '${check.audience}'. It should exactly match with one of the allowed audiences '${AUDIENCES.map((allowed) => `${allowed}/`).join("','")}'.`,
      );
    case 'invalid':
      throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  }
}

function dispatch(
  world: World,
  table: readonly Entry[],
  request: HostRequest,
  caller: Caller,
  correlationId: string,
  takeOperationFault: () => OperationFault | undefined,
): HostAnswer {
  const apiVersion = request.query.get('api-version');
  if (apiVersion === null || apiVersion === '') {
    throw new AzureError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const { route, params } = routeFor(world, table, request, apiVersion);
  const call: Call = {
    world,
    request,
    route,
    params,
    apiVersion,
    caller,
    correlationId,
    takeOperationFault,
    read: (path, version) => {
      const inner = routeFor(world, table, { ...request, method: 'GET', path }, version);
      return inner.route.handler({ ...call, route: inner.route, params: inner.params, apiVersion: version });
    },
  };
  if (request.text !== '' && request.body === undefined) {
    throw new AzureError(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized: it is not JSON.',
    );
  }
  requireScope(call);
  refuseWhenLocked(call);
  const answer = route.handler(call);
  if (request.method !== 'GET' && request.method !== 'HEAD' && answer.status < 300) {
    recordWrite(call, answer.status);
  }
  return answer;
}

function routeFor(
  world: World,
  table: readonly Entry[],
  request: HostRequest,
  apiVersion: string,
): { readonly route: Route; readonly params: Record<string, string> } {
  const onPath = table.flatMap(({ route, pattern }) => {
    const found = pattern.exec(request.path);
    return found === null ? [] : [{ route, params: decoded(found.groups ?? {}) }];
  });
  const onMethod = onPath.filter(({ route }) => route.method === request.method);
  const exact = onMethod.find(({ route }) => route.apiVersions.includes(apiVersion));
  if (exact !== undefined) {
    return exact;
  }
  world.log(`unknown: ${request.method} https://${request.host}${request.url}`);
  const type = /\/providers\/([^/]+)\/(.+)$/i.exec(request.path);
  const [, namespace = '', rest = ''] = type ?? [];
  if (onMethod.length > 0) {
    const versions = [...new Set(onMethod.flatMap(({ route }) => route.apiVersions))].join(', ');
    throw type === null
      ? new AzureError(
          400,
          'InvalidApiVersionParameter',
          `The api-version '${apiVersion}' is invalid. The supported versions are '${versions}'.`,
        )
      : new AzureError(
          400,
          'NoRegisteredProviderFound',
          `No registered resource provider found for location 'eastus' and API version '${apiVersion}' for type '${typeOf(rest)}'. The supported api-versions are '${versions}'. The supported locations are 'eastus, westus2'.`,
        );
  }
  if (onPath.length > 0) {
    throw new AzureError(
      405,
      'MethodNotAllowed',
      `The requested resource does not support http method '${request.method}'.`,
    );
  }
  if (type === null) {
    throw new AzureError(
      404,
      'NotFound',
      `No HTTP resource was found that matches the request URI '${request.path}'.`,
    );
  }
  if (
    !table.some(({ route }) => route.path.toLowerCase().includes(`/providers/${namespace.toLowerCase()}/`))
  ) {
    throw new AzureError(
      404,
      'InvalidResourceNamespace',
      `The resource namespace '${namespace}' is invalid.`,
    );
  }
  throw new AzureError(
    404,
    'InvalidResourceType',
    `The resource type '${typeOf(rest)}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'.`,
  );
}

function typeOf(rest: string): string {
  return rest
    .split('/')
    .filter((_, index) => index % 2 === 0)
    .join('/');
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    throw new AzureError(400, 'BadRequest', 'The request URL is not properly encoded.');
  }
}

function requireScope(call: Call): void {
  const { world, params, request } = call;
  const subscription = params['subscriptionId'] ?? /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1];
  if (subscription !== undefined && subscription.toLowerCase() !== world.state.subscription.id) {
    throw new AzureError(
      404,
      'SubscriptionNotFound',
      `The subscription '${subscription}' could not be found.`,
    );
  }
  const group =
    params['resourceGroupName'] ??
    /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(request.path)?.[1];
  if (group === undefined || call.route.operation === 'ResourceGroups_CreateOrUpdate') {
    return;
  }
  const known = world.state.resourceGroups[group.toLowerCase()];
  if (known === undefined) {
    throw new AzureError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  if (known.deleting && request.method !== 'GET' && request.method !== 'HEAD') {
    throw new AzureError(
      409,
      'ResourceGroupBeingDeleted',
      `The resource group '${known.name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
}
