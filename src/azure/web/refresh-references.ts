import { z } from 'zod/v4';
import type { Connection } from '../connection';
import type { OperationHandler, OperationOf, Polled } from '../operation';
import { observedProblem } from '../problem';
import { webAppId } from '../resource-id';
import { appWords } from './app-service';
import { type KeyVaultReference, referenceFrom } from './references';

type Refresh = OperationOf<'web.refresh-references'>;

/** How long App Service is asked again: a new role assignment takes some minutes until every part of Azure knows it. */
const GIVE_UP_AFTER_MS = 10 * 60_000;
const ASK_AGAIN_AFTER_MS = 3_000;

const answer = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({ reference: z.string().nullish(), status: z.string().nullish() }),
    }),
  ),
});

/**
 * Makes App Service fetch its Key Vault references anew, again and again until those that were named are resolved. It
 * caches them for up to 24 hours, and a restart alone does not fetch them. The SDK has no such call:
 * `POST …/config/configreferences/appsettings/refresh` (App Service documentation, "Use Key Vault references").
 */
export const refreshReferences = (azure: Connection): OperationHandler<Refresh> => {
  const refresh = async ({ app, settings }: Refresh): Promise<readonly KeyVaultReference[]> => {
    const url = `https://management.azure.com${webAppId(app)}/config/configreferences/appsettings/refresh?api-version=2022-03-01`;
    const words = { doing: 'Refreshing the Key Vault references of', resource: appWords(app) };
    const body = await azure.call(words, (abortSignal) => azure.arm('POST', url, abortSignal));
    const all = answer.parse(body).value.map(({ name, properties }) =>
      referenceFrom({
        name,
        reference: properties.reference ?? undefined,
        status: properties.status ?? undefined,
      }),
    );
    return all.filter(({ setting, status }) => settings.includes(setting) && status !== 'Resolved');
  };
  return {
    rest: ({ app }) => `POST …/sites/${app.app}/config/configreferences/appsettings/refresh`,
    target: ({ app }) => app.app,
    // Fetching once more does no harm, and what was fetched before may be older than the secret.
    look: () => Promise.resolve({ state: 'absent' }),
    begin: async (operation) => {
      const unresolved = await refresh(operation);
      return unresolved.length === 0
        ? { state: 'done', facts: {} }
        : { state: 'accepted', token: azure.now().toISOString() };
    },
    poll: async (operation, token): Promise<Polled> => {
      const unresolved = await refresh(operation);
      const [first] = unresolved;
      if (!first) return { state: 'done', facts: {} };
      const since = azure.now().getTime() - Date.parse(token);
      if (first.status !== 'InvalidSyntax' && since < GIVE_UP_AFTER_MS)
        return { state: 'under way', percent: null, retryAfterMs: ASK_AGAIN_AFTER_MS };
      throw observedProblem(
        first.status,
        `App Service does not resolve ${unresolved.map(({ setting, status }) => `${setting} (${status})`).join(', ')} of ${appWords(operation.app)}. ${adviceFor(first)}`,
      );
    },
  };
};

/** What can be done about a reference that does not resolve. */
function adviceFor({ status, vault, secret }: KeyVaultReference): string {
  switch (status) {
    case 'AccessToKeyVaultDenied':
      return `Give the app's identity the role "Key Vault Secrets User" on ${vault ?? 'the vault'} (or the secret permission Get in its access policies), then retry.`;
    case 'SecretNotFound':
      return `There is no secret "${secret ?? ''}" that can be read in ${vault ?? 'the vault'}: recover or set it, then retry.`;
    case 'SecretVersionNotFound':
      return 'The setting insists on a version that is gone: change it to the newest version in the portal, then retry.';
    case 'VaultNotFound':
      return `There is no vault ${vault ?? ''}: recover it, or correct the setting, then retry.`;
    case 'InvalidSyntax':
      return 'The setting is not written as a Key Vault reference must be: correct it in the portal, then retry.';
    default:
      return 'Look at the setting in the Azure portal, which says more, then retry.';
  }
}
