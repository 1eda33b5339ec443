import type { HostAnswer, HostHandler, HostRequest } from '../host';
import { textAt } from '../json';
import type { World } from '../world';
import { failure, notAllowed, refusal, select } from './applications';
import type { Directory, DirectoryUser } from './directory-state';

/** True for the requests of Microsoft Graph that are about people and groups. */
export const isAboutDirectory = (path: string): boolean => /^\/v1\.0\/(?:users|groups)\//.test(path);

/** Users and groups (Microsoft Graph v1.0): a user, the people in a group however deep, and changing its members. */
export function directory(world: World): HostHandler {
  return (request) => {
    const refused = refusal(world, request);
    if (refused !== undefined) {
      return refused;
    }
    const [, kind = '', id = '', rest = ''] =
      /^\/v1\.0\/(users|groups)\/([^/]+)(?:\/(.*))?$/.exec(decodeURIComponent(request.path)) ?? [];
    return kind === 'users' ? aboutUser(world, request, id, rest) : aboutGroup(world, request, id, rest);
  };
}

function aboutUser({ state, log }: World, request: HostRequest, id: string, rest: string): HostAnswer {
  const user = state.directory.users[id];
  if (user === undefined) {
    return missing(id);
  }
  if (request.method === 'GET' && rest === '') {
    return { status: 200, body: select(request, view(user)) };
  }
  log(`unknown: ${request.method} https://${request.host}${request.path}`);
  return notAllowed(request);
}

function aboutGroup({ state, log }: World, request: HostRequest, id: string, rest: string): HostAnswer {
  const group = state.directory.groups[id];
  if (group === undefined) {
    return missing(id);
  }
  if (request.method === 'GET' && /^transitiveMembers(?:\/microsoft\.graph\.user)?$/.test(rest)) {
    const people = [...peopleIn(state.directory, id)].flatMap((one) => state.directory.users[one] ?? []);
    return { status: 200, body: { value: people.map((user) => select(request, view(user))) } };
  }
  if (request.method === 'POST' && rest === 'members/$ref') {
    const added = /\/([^/]+)$/.exec(textAt(request.body, '@odata.id') ?? '')?.[1] ?? '';
    group.members = [...new Set([...group.members, added])];
    return { status: 204 };
  }
  const removed = /^members\/([^/]+)\/\$ref$/.exec(rest)?.[1];
  if (request.method === 'DELETE' && removed !== undefined) {
    group.members = group.members.filter((member) => member !== removed);
    return { status: 204 };
  }
  log(`unknown: ${request.method} https://${request.host}${request.path}`);
  return notAllowed(request);
}

/** The ids of all users in a group and in the groups inside it. */
function peopleIn(all: Directory, group: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  if (seen.has(group)) {
    return new Set();
  }
  const members = all.groups[group]?.members ?? [];
  return new Set(
    members.flatMap((one) =>
      all.groups[one] === undefined ? [one] : [...peopleIn(all, one, new Set([...seen, group]))],
    ),
  );
}

const view = (user: DirectoryUser) => ({ ...user, userPrincipalName: user.mail });

const missing = (id: string): HostAnswer =>
  failure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
