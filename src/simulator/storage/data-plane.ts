import type { HostAnswer, HostHandler, HostRequest } from '../host';
import { checkToken } from '../tokens';
import { newId, type World } from '../world';
import type { StorageAccount } from './account';
import { accountNamed } from './find-account';
import { deleteMessage, putMessage, queueMade, queueNamed, waitingIn } from './queues';
import { primaryDownSince } from './replication';
import { dataError, emptyAnswer, escaped, messageTextIn, xml } from './xml';

const AUDIENCE = 'https://storage.azure.com';

/** The account that a host name belongs to, as its DNS record says; undefined when it has none. */
const accountOfHost = (world: World, host: string): StorageAccount | undefined =>
  accountNamed(world, host.split('.')[0] ?? '');

/** Whether a host name of a storage service has a DNS record: it is there as long as the account is. */
export const knowsStorageHost = (world: World, host: string): boolean =>
  accountOfHost(world, host) !== undefined;

/** `*.queue.core.windows.net` and `*.blob.core.windows.net`, as far as Entra tokens reach (Storage services REST). */
export function storageDataPlane(world: World): HostHandler {
  return (request) => {
    const account = accountOfHost(world, request.host);
    const answer = account === undefined ? noHost() : answerFor(world, account, request);
    const version = request.headers['x-ms-version'] ?? '2017-11-09';
    return {
      ...answer,
      headers: { 'x-ms-request-id': newId(world.state), 'x-ms-version': version, ...answer.headers },
    };
  };
}

const noHost = (): HostAnswer => dataError(404, 'ResourceNotFound', 'The specified resource does not exist.');

function answerFor(world: World, account: StorageAccount, request: HostRequest): HostAnswer {
  if (account.state === 'Creating' || primaryDownSince(world, account) !== null) {
    return dataError(503, 'ServerBusy', 'The server is currently unable to receive requests.');
  }
  const refused = refusalOf(world, request);
  if (refused !== undefined) {
    return refused;
  }
  const [name = '', part = '', id = ''] = request.path.split('/').slice(1).map(decodeURIComponent);
  const comp = request.query.get('comp');
  if (name === '' && comp === 'list' && request.method === 'GET') {
    return request.host.includes('.blob.') ? listContainers(account) : listQueues(account, request);
  }
  if (request.host.includes('.blob.') || name === '') {
    world.log(`unknown: ${request.method} https://${request.host}${request.url}`);
    return dataError(400, 'UnsupportedQueryParameter', 'One of the query parameters is not supported.');
  }
  return atQueue(world, account, request, { name, part, id });
}

function refusalOf(world: World, request: HostRequest): HostAnswer | undefined {
  const [scheme = '', token] = (request.headers['authorization'] ?? '').split(' ');
  const challenge = {
    'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${world.state.tenant.id}/oauth2/authorize resource_id=${AUDIENCE}`,
  };
  if (scheme.toLowerCase() !== 'bearer' || token === undefined) {
    const said =
      'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.';
    return dataError(401, 'NoAuthenticationInformation', said, challenge);
  }
  if (checkToken(world.state.tenant, token, [AUDIENCE], world.now()).kind !== 'valid') {
    const said =
      'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.';
    return dataError(401, 'InvalidAuthenticationInfo', said, challenge);
  }
  // Tokens are understood since this version; without the header the service takes an older one.
  return (request.headers['x-ms-version'] ?? '') < '2017-11-09'
    ? dataError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.')
    : undefined;
}

function listQueues(account: StorageAccount, request: HostRequest): HostAnswer {
  const most = Number(request.query.get('maxresults') ?? 5_000);
  const names = Object.values(account.queues).slice(0, most);
  const list = names.map(({ name }) => `<Queue><Name>${escaped(name)}</Name></Queue>`).join('');
  const endpoint = `https://${account.name}.queue.core.windows.net/`;
  return xml(
    200,
    `<EnumerationResults ServiceEndpoint="${endpoint}"><Queues>${list}</Queues><NextMarker /></EnumerationResults>`,
  );
}

function listContainers(account: StorageAccount): HostAnswer {
  const list = account.containers
    .map((name) => `<Container><Name>${escaped(name)}</Name></Container>`)
    .join('');
  const endpoint = `https://${account.name}.blob.core.windows.net/`;
  return xml(
    200,
    `<EnumerationResults ServiceEndpoint="${endpoint}"><Containers>${list}</Containers><NextMarker /></EnumerationResults>`,
  );
}

/** Create Queue, Get Queue Metadata, Put Message, Peek Messages, Delete Message. */
function atQueue(
  world: World,
  account: StorageAccount,
  { method, query, text }: HostRequest,
  { name, part, id }: { readonly name: string; readonly part: string; readonly id: string },
): HostAnswer {
  const queue = queueNamed(account, name);
  if (method === 'PUT' && part === '') {
    queueMade(account, name);
    return emptyAnswer(queue === undefined ? 201 : 204);
  }
  if (queue === undefined) {
    return dataError(404, 'QueueNotFound', 'The specified queue does not exist.');
  }
  if (method === 'GET' && part === '' && query.get('comp') === 'metadata') {
    return emptyAnswer(200, { 'x-ms-approximate-messages-count': String(waitingIn(queue).length) });
  }
  if (method === 'POST' && part === 'messages') {
    const made = putMessage(world, queue, messageTextIn(text));
    return xml(
      201,
      `<QueueMessagesList><QueueMessage><MessageId>${made}</MessageId></QueueMessage></QueueMessagesList>`,
    );
  }
  if (method === 'GET' && part === 'messages' && query.get('peekonly') === 'true') {
    const most = Number(query.get('numofmessages') ?? 1);
    const shown = waitingIn(queue)
      .slice(0, most)
      .map(
        (message) =>
          `<QueueMessage><MessageId>${message.id}</MessageId><InsertionTime>${new Date(message.inserted).toUTCString()}</InsertionTime><MessageText>${escaped(message.text)}</MessageText></QueueMessage>`,
      );
    return xml(200, `<QueueMessagesList>${shown.join('')}</QueueMessagesList>`);
  }
  if (method === 'DELETE' && part === 'messages' && deleteMessage(world, queue, id)) {
    return emptyAnswer(204);
  }
  return part === 'messages' && id !== ''
    ? dataError(404, 'MessageNotFound', 'The specified message does not exist.')
    : dataError(400, 'UnsupportedQueryParameter', 'One of the query parameters is not supported.');
}
