import { z } from 'zod/v4';
import { type Connection, reading } from '../connection';
import { type AtOnce, atOnce } from '../handler';
import type { OperationHandler, OperationOf } from '../operation';
import { observedProblem } from '../problem';
import { applicationAddress, applicationWords } from './applications';

type Add = OperationOf<'entra.add-redirect-uri'>;
type Remove = OperationOf<'entra.remove-redirect-uri'>;
type Platform = Add['platform'];

/** Where an Entra application may send people back to after they signed in. */
export interface RedirectUris {
  readonly displayName: string;
  readonly spa: readonly string[];
  readonly web: readonly string[];
}

const list = z
  .object({ redirectUris: z.array(z.string()).default([]) })
  .nullish()
  .transform((platform) => platform?.redirectUris ?? []);
const shape = z.object({ displayName: z.string().nullish(), spa: list, web: list });

/** `GET /applications(appId='…')`, its redirect URIs alone. @throws AzureProblem 404 when there is no such application. */
export async function redirectUris(azure: Connection, application: string): Promise<RedirectUris> {
  const body = await azure.call(reading(applicationWords(application)), (abortSignal) =>
    azure.graph('GET', `${applicationAddress(application)}?$select=displayName,spa,web`, abortSignal),
  );
  const { displayName, spa, web } = shape.parse(body);
  return { displayName: displayName ?? application, spa, web };
}

/** Adds one URI: reads the list, writes it back with one more, and compares. No other URI is lost. */
export const addRedirectUri = (azure: Connection): OperationHandler<Add> =>
  changeOf<Add>(azure, 'Adding a redirect URI to', 'with', true, (uris, uri) => [...uris, uri]);

/** Removes one URI that a run added, and no other. */
export const removeRedirectUri = (azure: Connection): OperationHandler<Remove> =>
  changeOf<Remove>(azure, 'Removing a redirect URI from', 'without', false, (uris, uri) =>
    uris.filter((one) => one !== uri),
  );

function changeOf<O extends Add | Remove>(
  azure: Connection,
  doing: string,
  how: 'with' | 'without',
  wanted: boolean,
  change: (uris: readonly string[], uri: string) => readonly string[],
): OperationHandler<O> {
  const one: AtOnce<O> = {
    rest: ({ application, platform, uri }) =>
      `PATCH /applications(appId='${application}') (${platform}.redirectUris ${how} ${uri})`,
    target: ({ application }) => application,
    words: ({ application }) => ({ doing, resource: applicationWords(application) }),
    look: async ({ application, platform, uri }) =>
      (await redirectUris(azure, application))[platform].includes(uri) === wanted
        ? { state: 'done', facts: {} }
        : { state: 'absent' },
    // It has the whole list in it, as it was then.
    harmfulLate: () => true,
    send: async ({ application, platform, uri }, sent, abortSignal) => {
      const before = (await redirectUris(azure, application))[platform];
      const after = change(before, uri);
      await azure.graph('PATCH', applicationAddress(application), abortSignal, {
        body: { [platform]: { redirectUris: after } },
        headers: { 'client-request-id': sent.requestId },
      });
      await compare(azure, application, platform, after);
      return {};
    },
  };
  return atOnce(azure, one);
}

/** Graph has no ETag here: what somebody else wrote between our reading and our writing is seen only afterwards. */
async function compare(
  azure: Connection,
  application: string,
  platform: Platform,
  expected: readonly string[],
): Promise<void> {
  const found = (await redirectUris(azure, application))[platform];
  const lost = expected.filter((uri) => !found.includes(uri));
  if (lost.length > 0)
    throw observedProblem(
      'RedirectUrisChanged',
      `${applicationWords(application)} does not have all the redirect URIs that were written: ${lost.join(', ')} is missing. Somebody else is changing the list. Compare it in the Entra portal, then retry.`,
      true,
    );
}
