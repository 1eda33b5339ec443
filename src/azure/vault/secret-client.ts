import { createHttpHeaders, type PipelinePolicy } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { SecretClient } from '@azure/keyvault-secrets';
import { patientOptions } from '../patience';

/**
 * The client of each vault's secrets, made when it is first used. It cannot read a secret's value: see
 * {@link valuesStayInTheVault}.
 */
export function secretClients(credential: TokenCredential): (vault: string) => SecretClient {
  const made = new Map<string, SecretClient>();
  return (vault) => {
    const existing = made.get(vault);
    if (existing) return existing;
    // Loaded when first used: the bot must be up before every SDK is read.
    const { SecretClient } = require('@azure/keyvault-secrets') as typeof import('@azure/keyvault-secrets');
    const { retryOptions, additionalPolicies } = patientOptions();
    const client = new SecretClient(`https://${vault}.vault.azure.net`, credential, {
      ...{ retryOptions, userAgentOptions: { userAgentPrefix: 'dr-bot' } },
      additionalPolicies: [{ policy: valuesStayInTheVault, position: 'perCall' }, ...additionalPolicies],
    });
    made.set(vault, client);
    return client;
  };
}

/** `GET /secrets/{name}`, with or without a version: what answers with a value. */
const readsValue = /^\/secrets\/[^/]+(?:\/(?!versions\/?$)[^/]*)?\/?$/;

/**
 * Refuses every request that would be answered with a secret's value, before it is sent. The SDK's own recovery reads
 * the secret it recovers, before and after; it takes a 403 for "recovered, and not for you to read"
 * (`RecoverDeletedSecretPollOperation`), which is what it gets here. That the recovery is over is proven by the
 * secret's versions being listed, which shows no value.
 */
const valuesStayInTheVault: PipelinePolicy = {
  name: 'valuesStayInTheVault',
  async sendRequest(request, next) {
    if (request.method !== 'GET' || !readsValue.test(new URL(request.url).pathname)) return next(request);
    const error = { code: 'ValuesStayInTheVault', message: 'The bot does not read the values of secrets.' };
    return {
      ...{ request, status: 403, bodyAsText: JSON.stringify({ error }) },
      headers: createHttpHeaders({ 'content-type': 'application/json' }),
    };
  },
};
