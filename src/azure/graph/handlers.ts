import type { Connection } from '../connection';
import type { HandlersOf } from '../handlers';
import type { graphOperations } from './operations';
import { addRedirectUri, type RedirectUris, redirectUris, removeRedirectUri } from './redirect-uris';

/** How each change to an Entra application is made. */
export const graphHandlers = (azure: Connection): HandlersOf<typeof graphOperations> => ({
  'entra.add-redirect-uri': addRedirectUri(azure),
  'entra.remove-redirect-uri': removeRedirectUri(azure),
});

/** What can be read of Entra applications, each named by its appId. */
export interface EntraReadings {
  readonly redirectUris: (application: string) => Promise<RedirectUris>;
}

/** How it is read. */
export const entraReadings = (azure: Connection): EntraReadings => ({
  redirectUris: (application) => redirectUris(azure, application),
});
