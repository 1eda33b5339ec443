import { z } from 'zod/v4';
import { orNull } from '../call';
import { type Connection, reading } from '../connection';

/** Somebody in Microsoft Entra ID. `mail` is in small letters; a guest account has its owner's. */
export interface DirectoryPerson {
  readonly id: string;
  readonly name: string;
  readonly mail: string | null;
}

/** What Microsoft Graph tells about people and groups. */
export interface DirectoryReadings {
  /** `GET /users/{id}`; null when the tenant has no such user. */
  readonly user: (id: string) => Promise<DirectoryPerson | null>;
  /** All people in a group, also through groups inside it (group: transitiveMembers). */
  readonly membersOf: (group: string) => Promise<readonly DirectoryPerson[]>;
}

const user = z
  .object({ id: z.string(), displayName: z.string().nullish(), mail: z.string().nullish() })
  .transform(
    ({ id, displayName, mail }): DirectoryPerson => ({
      ...{ id, name: displayName ?? id, mail: mail ? mail.toLowerCase() : null },
    }),
  );
const page = z.object({ value: z.array(user), '@odata.nextLink': z.url().nullish() });
const select = '$select=id,displayName,mail';
const graph = 'https://graph.microsoft.com/v1.0';

/** How the directory is read. Needs `GroupMember.Read.All` and `User.Read.All`. */
export const directoryReadings = (azure: Connection): DirectoryReadings => ({
  user: (id) =>
    orNull(
      azure.call(reading(`user ${id}`), async (abortSignal) =>
        user.parse(
          await azure.graph('GET', `${graph}/users/${encodeURIComponent(id)}?${select}`, abortSignal),
        ),
      ),
    ),
  membersOf: async (group) => {
    const found: DirectoryPerson[] = [];
    let next: string | null | undefined =
      `${graph}/groups/${encodeURIComponent(group)}/transitiveMembers/microsoft.graph.user?${select}`;
    while (next) {
      const url: string = next;
      const read = await azure.call(reading(`the members of group ${group}`), async (abortSignal) =>
        page.parse(await azure.graph('GET', url, abortSignal)),
      );
      found.push(...read.value);
      next = read['@odata.nextLink'];
    }
    return found;
  },
});
