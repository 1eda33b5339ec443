import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * Has a token that a service no longer takes replaced by a new one, once for each request. The SDKs keep a token until
 * shortly before its end, and give it up early only for the challenge of continuous access evaluation. A service that
 * answers 401 with any other words gets the same treatment: its answer is put into that challenge's words. A refused
 * request has changed nothing, so it may be sent again.
 */
export const freshToken: PipelinePolicy = {
  name: 'freshToken',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status !== 401 || !request.headers.has('authorization')) return response;
    if (/claims=/i.test(response.headers.get('www-authenticate') ?? '')) return response;
    response.headers.set(
      'www-authenticate',
      `Bearer error="insufficient_claims", claims="${issuedFromNow()}"`,
    );
    return response;
  },
};

/** The claims of Entra's own challenge for a revoked token: one issued before now is not good enough. */
function issuedFromNow(): string {
  const nbf = { essential: true, value: String(Math.floor(Date.now() / 1000)) };
  return Buffer.from(JSON.stringify({ access_token: { nbf } })).toString('base64');
}
